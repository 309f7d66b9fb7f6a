package io.mqttrelay.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A small file system in memory, to be filled up. Belongs to the test's thread. */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 4096;

    private final Path folder;
    private final Path filling;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.filling = folder.resolve("filling");
    }

    /** Mounts it at this folder; without the right to mount, the test is skipped. */
    static SmallDisk at(Path folder, int megabytes) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Assumptions.assumeTrue(
                runs("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString()),
                "needs the right to mount a tmpfs, as root has it");
        SmallDisk disk = new SmallDisk(folder);
        // a test run that is ended from outside unmounts it, too
        Runtime.getRuntime().addShutdownHook(new Thread(disk::close));
        return disk;
    }

    private static boolean runs(String... line) {
        try {
            return new ProcessBuilder(List.of(line)).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Fills it. */
    void fill() {
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(filling)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            // the sign that it is full
        }
    }

    /** Frees the space. */
    void free() {
        try {
            Files.deleteIfExists(filling);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (!runs("umount", folder.toString())) {
            runs("umount", "-l", folder.toString()); // a file in it is still open
        }
    }
}
