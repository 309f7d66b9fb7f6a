package io.mqttrelay.common.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one reading of the configuration found in the file system, so that it can be told whether another would find the same. */
final class LookedAt {
    private final List<BooleanSupplier> unchanged = new ArrayList<>();

    /** A file's text, or why there is none. */
    private record Found(@Nullable String text, String why) {
        static Found in(Path file, int max) {
            try {
                return new Found(FileBytes.text(file, max), "");
            } catch (FileBytes.UnreadableException e) {
                return new Found(null, e.why());
            }
        }
    }

    /** As {@link FileBytes#text}. */
    String text(Path file, int max) throws FileBytes.UnreadableException {
        Found found = Found.in(file, max);
        unchanged.add(() -> found.equals(Found.in(file, max)));
        String text = found.text();
        if (text == null) {
            throw new FileBytes.UnreadableException(found.why());
        }
        return text;
    }

    /** As {@link FileBytes#isOpenToOthers}. */
    boolean isOpenToOthers(Path file) {
        boolean open = FileBytes.isOpenToOthers(file);
        unchanged.add(() -> open == FileBytes.isOpenToOthers(file));
        return open;
    }

    /** Whether everything is still as it was found. */
    boolean isUnchanged() {
        return unchanged.stream().allMatch(BooleanSupplier::getAsBoolean);
    }
}
