package io.mqttrelay.faults;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A named pipe whose open end is not read. Belongs to the test's thread. */
final class Pipe implements AutoCloseable {
    private final Path path;
    private final RandomAccessFile end;

    private Pipe(Path path, RandomAccessFile end) {
        this.path = path;
        this.end = end;
    }

    static Pipe at(Path path) {
        try {
            Process made = new ProcessBuilder("mkfifo", path.toString()).start();
            if (made.waitFor() != 0) {
                throw new IllegalStateException("cannot make the pipe " + path);
            }
            return new Pipe(path, new RandomAccessFile(path.toFile(), "rw")); // both, so that it opens at once
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Path path() {
        return path;
    }

    /** Bytes that wait in the pipe. */
    int waiting() {
        try (FileInputStream look = new FileInputStream(path.toFile())) {
            return look.available();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills the pipe. */
    void fill() {
        try {
            Process zeros = new ProcessBuilder("cat", "/dev/zero")
                    .redirectOutput(path.toFile())
                    .start();
            int before = -1;
            for (int now = waiting(); now == 0 || now != before; now = waiting()) {
                before = now;
                Pause.forMillis(200);
            }
            zeros.destroyForcibly();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the open end: a write then fails. */
    @Override
    public void close() {
        try {
            end.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
