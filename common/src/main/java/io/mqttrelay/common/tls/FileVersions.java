package io.mqttrelay.common.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions of some files, equal while no file was replaced or written, because certificates are renewed while the
 * process runs. Links are followed, so that a link to another file is a change.
 *
 * @param seen one opaque value for each file
 */
public record FileVersions(List<Object> seen) {
    private record Version(Object modified, long size, String key) {}

    /**
     * Reads the current versions. Call it before reading the files, so that a change during the read is found the
     * next time.
     */
    public static FileVersions of(@Nullable Path... files) {
        return new FileVersions(Stream.of(files)
                .filter(Objects::nonNull)
                .map(FileVersions::version)
                .toList());
    }

    private static Object version(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return "not there";
        }
    }
}
