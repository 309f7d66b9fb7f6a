package io.mqttrelay.common.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of the files that one read of the configuration has used, so that a later read can be skipped if they are
 * unchanged. File content may be secret: only a digest is kept.
 */
final class LookedAt {
    private final Map<Path, Integer> sizes = new LinkedHashMap<>();
    private final Map<Path, String> contents = new LinkedHashMap<>();
    private final Map<Path, Boolean> open = new LinkedHashMap<>();

    /** As {@link FileBytes#text}, and records the file's content. */
    String text(Path file, int max) throws FileBytes.UnreadableException {
        sizes.merge(file, max, Math::max);
        try {
            String text = FileBytes.text(file, max);
            contents.putIfAbsent(file, Sha256.of(text));
            return text;
        } catch (FileBytes.UnreadableException e) {
            contents.putIfAbsent(file, e.why());
            throw e;
        }
    }

    /** As {@link FileBytes#isOpenToOthers}, and records the result. */
    boolean isOpenToOthers(Path file) {
        boolean isOpen = FileBytes.isOpenToOthers(file);
        open.putIfAbsent(file, isOpen);
        return isOpen;
    }

    /** Whether all recorded files are unchanged. */
    boolean isUnchanged() {
        return contents.entrySet().stream().allMatch(each -> each.getValue().equals(content(each.getKey())))
                && open.entrySet().stream()
                        .allMatch(each -> each.getValue() == FileBytes.isOpenToOthers(each.getKey()));
    }

    private String content(Path file) {
        try {
            return Sha256.of(FileBytes.text(file, sizes.getOrDefault(file, 0)));
        } catch (FileBytes.UnreadableException e) {
            return e.why();
        }
    }
}
