package io.mqttrelay.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data folder of all embedded servers.
 *
 * @param temporary deleted when the quickstart ends
 */
record QuickstartFolder(Path path, boolean temporary) implements AutoCloseable {
    /**
     * Creates the folder.
     *
     * @param given null: a temporary one
     * @throws IOException with a message for the user
     */
    static QuickstartFolder open(@Nullable Path given) throws IOException {
        if (given == null) {
            return new QuickstartFolder(Files.createTempDirectory("relay-quickstart-"), true);
        }
        try {
            return new QuickstartFolder(Files.createDirectories(given).toAbsolutePath(), false);
        } catch (IOException e) {
            throw new IOException("--data " + given + ": cannot be made a folder (" + e + ")", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (!temporary) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : deepestFirst) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
