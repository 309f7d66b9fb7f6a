package io.mqttrelay.common.settings;

import io.mqttrelay.common.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads the small text files that an operator named, and keeps their state, so that a later read can be skipped if
 * they are unchanged. File content may be secret: only a digest is kept. A file must be a regular file, because opening
 * a pipe would wait for ever. Not thread-safe.
 */
public final class FileSnapshot {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private final Map<Path, Integer> sizes = new LinkedHashMap<>();
    private final Map<Path, String> contents = new LinkedHashMap<>();
    private final Map<Path, Boolean> open = new LinkedHashMap<>();
    private final Map<String, String> states = new LinkedHashMap<>();

    /**
     * Reads the file's text and records its content.
     *
     * @param max bytes
     * @throws UnreadableException with the reason, without the file's name or content
     */
    public String text(Path file, int max) throws UnreadableException {
        sizes.merge(file, max, Math::max);
        try {
            String text = decoded(file, max);
            contents.putIfAbsent(file, Sha256.of(text));
            return text;
        } catch (UnreadableException e) {
            contents.putIfAbsent(file, e.why());
            throw e;
        }
    }

    /**
     * Whether every user of the machine has rights to the file; records the result. Group rights are the operator's
     * choice: Kubernetes gives a secret to a non-root user by its group alone. False if the file system has no such
     * mode.
     */
    boolean isOpenToOthers(Path file) {
        boolean isOpen = hasRightsForOthers(file);
        open.putIfAbsent(file, isOpen);
        return isOpen;
    }

    /** Records the state of a file that a client library opens itself. */
    public void recordState(String file) {
        states.putIfAbsent(file, state(file));
    }

    /** Whether all recorded files are unchanged. */
    public boolean isUnchanged() {
        return states.entrySet().stream().allMatch(each -> each.getValue().equals(state(each.getKey())))
                && contents.entrySet().stream().allMatch(each -> each.getValue().equals(content(each.getKey())))
                && open.entrySet().stream().allMatch(each -> each.getValue() == hasRightsForOthers(each.getKey()));
    }

    private static String state(String name) {
        try {
            Path file = Path.of(name);
            BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
            return state.size() + " " + state.lastModifiedTime() + " " + state.fileKey() + " " + Files.isReadable(file);
        } catch (IOException | InvalidPathException e) {
            return "missing";
        }
    }

    private String content(Path file) {
        try {
            return Sha256.of(decoded(file, sizes.getOrDefault(file, 0)));
        } catch (UnreadableException e) {
            return e.why();
        }
    }

    private static boolean hasRightsForOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static String decoded(Path file, int max) throws UnreadableException {
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
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;
        private final String why;

        UnreadableException(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        /** The reason, without the file's name or content. */
        public String why() {
            return why;
        }
    }
}
