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
 * Equal as long as none of some files was replaced or written: certificates are renewed while we run. Links are followed,
 * so that a link that leads elsewhere is a change.
 *
 * @param seen of each file; opaque
 */
public record FileVersions(List<Object> seen) {
    private record Version(Object modified, long size, String key) {}

    /** As the files are now. Take it before reading them: what changes meanwhile is then found the next time. */
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
