package io.mqttrelay.common.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
    private final Map<String, String> stores = new LinkedHashMap<>();

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

    /** Records the state of a file that a Kafka client opens itself. */
    void store(String file) {
        stores.putIfAbsent(file, state(file));
    }

    private static String state(String store) {
        try {
            Path file = Path.of(store);
            BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
            return state.size() + " " + state.lastModifiedTime() + " " + state.fileKey() + " " + Files.isReadable(file);
        } catch (IOException | InvalidPathException e) {
            return "missing";
        }
    }

    /** Whether all recorded files are unchanged. */
    boolean isUnchanged() {
        return stores.entrySet().stream().allMatch(each -> each.getValue().equals(state(each.getKey())))
                && contents.entrySet().stream().allMatch(each -> each.getValue().equals(content(each.getKey())))
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
