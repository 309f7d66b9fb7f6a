package io.mqttrelay.common.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Reads a small text file that an operator named. The file must be a regular file, because opening a pipe would wait
 * for ever. Its size is limited.
 */
final class FileBytes {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private FileBytes() {}

    /**
     * Reads the file's text.
     *
     * @param max bytes
     * @throws UnreadableException with the reason, without the file's name or content
     */
    static String text(Path file, int max) throws UnreadableException {
        byte[] bytes = read(file, max);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableException("is not UTF-8 text");
        }
    }

    /**
     * Whether every user of the machine has rights to the file. Group rights are the operator's choice: Kubernetes
     * gives a secret to a non-root user by its group alone. False if the file system has no such mode.
     */
    static boolean isOpenToOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static byte[] read(Path file, int max) throws UnreadableException {
        try {
            if (Files.isDirectory(file)) {
                throw new UnreadableException("is a directory, not a file");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new UnreadableException("is not a regular file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(max + 1);
                if (bytes.length > max) {
                    throw new UnreadableException("is larger than " + SizeType.text(max));
                }
                return bytes;
            }
        } catch (NoSuchFileException e) {
            throw new UnreadableException("does not exist");
        } catch (AccessDeniedException e) {
            throw new UnreadableException("cannot be read: permission denied");
        } catch (IOException e) {
            throw new UnreadableException("cannot be read");
        }
    }

    /** The reason why a file cannot be used, for the operator. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;
        private final String why;

        UnreadableException(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        String why() {
            return why;
        }
    }
}
