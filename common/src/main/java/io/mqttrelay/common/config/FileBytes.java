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
import java.util.HashSet;
import java.util.Set;

/** Reads a small text file that an operator named: a regular file only (opening a pipe would wait for ever), bounded. */
final class FileBytes {
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private FileBytes() {}

    /**
     * The file's text.
     *
     * @param max bytes
     * @throws UnreadableException saying why not, without the file's name or content
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

    /** Whether the file's mode is wider than 0600; never so where files have no such mode. */
    static boolean isOpenToOthers(Path file) {
        try {
            Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(file));
            permissions.removeAll(OWNERS);
            return !permissions.isEmpty();
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

    /** Why a file cannot be used, for people. */
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
