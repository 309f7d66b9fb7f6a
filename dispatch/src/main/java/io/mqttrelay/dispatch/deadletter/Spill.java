package io.mqttrelay.dispatch.deadletter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stores bytes and returns them by their position: a few in memory, many in a file of the temporary folder. The file is
 * deleted once it is open, so it disappears with the process. One thread.
 */
final class Spill implements AutoCloseable {
    private static final int SMALLEST = 64 * 1024;

    private final int inMemory;
    private final Path folder;
    private byte[] buffer = new byte[SMALLEST];
    private int buffered;
    /** The position of the buffer's first byte. */
    private long begin;

    private @Nullable FileChannel file;

    /** @param inMemory bytes; more are stored in a file of {@code folder} */
    Spill(int inMemory, Path folder) {
        this.inMemory = inMemory;
        this.folder = folder;
    }

    /** Adds bytes; returns their position. */
    long add(byte[] bytes) throws KafkaFailure {
        int needed = Integer.BYTES + bytes.length;
        if (buffered + needed > inMemory && buffered > 0) {
            write();
        }
        if (buffered + needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffered + needed, Math.min(inMemory, 2 * buffer.length)));
        }
        long position = begin + buffered;
        ByteBuffer.wrap(buffer, buffered, needed).putInt(bytes.length).put(bytes);
        buffered += needed;
        return position;
    }

    private void write() throws KafkaFailure {
        try {
            FileChannel open = file == null ? open() : file;
            file = open;
            ByteBuffer out = ByteBuffer.wrap(buffer, 0, buffered);
            while (out.hasRemaining()) {
                open.write(out, begin + out.position());
            }
            begin += buffered;
            buffered = 0;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private FileChannel open() throws IOException {
        Path path = Files.createTempFile(folder, "relay-", ".tmp"); // only this user may open it
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(path);
        }
    }

    /** Returns the bytes at this position. */
    byte[] get(long position) throws KafkaFailure {
        if (position >= begin) {
            int at = (int) (position - begin);
            int length = ByteBuffer.wrap(buffer).getInt(at);
            return Arrays.copyOfRange(buffer, at + Integer.BYTES, at + Integer.BYTES + length);
        }
        try {
            ByteBuffer length = read(position, Integer.BYTES);
            return read(position + Integer.BYTES, length.getInt()).array();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private ByteBuffer read(long position, int length) throws IOException {
        FileChannel open = file;
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            if (open == null || open.read(in, position + in.position()) < 0) {
                throw new IOException("it is shorter than what was written");
            }
        }
        return in.flip();
    }

    private KafkaFailure failed(IOException e) {
        return new KafkaFailure(
                "dead letters are put aside in a file of " + folder + ", and that fails: " + e.getMessage()
                        + ": make room there, or name another folder with RELAY_JAVA_OPTS=-Djava.io.tmpdir=...");
    }

    @Override
    public void close() {
        FileChannel open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                return; // the file is not needed any more
            }
        }
    }
}
