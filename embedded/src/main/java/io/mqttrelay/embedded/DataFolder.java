package io.mqttrelay.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data folder of a server: a folder of the user, which is kept, or a temporary one, which is deleted.
 *
 * @param temporary whether {@link #close()} deletes it
 */
record DataFolder(Path path, boolean temporary) implements AutoCloseable {
    private static final int DELETE_TRIES = 3;

    /**
     * Creates the folder.
     *
     * @param given null: a temporary one
     */
    static DataFolder open(@Nullable Path given, String name) {
        try {
            return given == null
                    ? new DataFolder(Files.createTempDirectory("relay-" + name + "-"), true)
                    : new DataFolder(Files.createDirectories(given).toAbsolutePath(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the data folder of the embedded " + name, e);
        }
    }

    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        // a server that was just stopped may still write a last file beside the one being deleted
        for (int i = 0; i < DELETE_TRIES && Files.exists(path); i++) {
            deleteWhatIsThere();
        }
    }

    private void deleteWhatIsThere() {
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : deepestFirst) {
                Files.deleteIfExists(entry);
            }
        } catch (NoSuchFileException | UncheckedIOException e) {
            return; // deleted concurrently, so there is nothing left to do
        } catch (IOException e) {
            return; // left to the operating system, which owns the temporary folder
        }
    }
}
