package io.mqttrelay.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program as a container runs it: as nobody, without capabilities, and with nothing to write to but a /tmp of its own.
 * Mount namespaces do it, so that it takes root, and no container engine. Belongs to the test's thread.
 */
final class ReadOnlyProcess implements AutoCloseable {
    /** Where it sees the image, and its configuration. */
    static final Path IMAGE = Path.of("/mnt/relay");

    static final Path CONFIGURATION = Path.of("/mnt/etc");

    private static final String SURROUNDINGS = """
            set -eu
            mount -t tmpfs -o mode=755 tmpfs /mnt
            mkdir /mnt/relay /mnt/etc
            mount --bind "$1" /mnt/relay && mount -o remount,bind,ro /mnt/relay
            mount --bind "$2" /mnt/etc && mount -o remount,bind,ro /mnt/etc
            mount -o remount,ro /mnt
            mount -t tmpfs -o size=64m,mode=1777 tmpfs /tmp
            mount -o remount,bind,ro /
            shift 2
            cd /tmp
            exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
            """;

    private final Process process;
    private final Path output;

    private ReadOnlyProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code line}, which sees {@code image} and {@code configuration}; skips the test where that cannot be. */
    static ReadOnlyProcess start(
            Path image, Path configuration, Path output, Map<String, String> environment, List<String> line)
            throws Exception {
        List<String> whole = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", SURROUNDINGS, "sh"));
        whole.add(image.toString());
        whole.add(configuration.toString());
        whole.addAll(line);
        ProcessBuilder builder =
                new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new ReadOnlyProcess(builder.start(), output);
    }

    /** Without the right to make mounts the test is skipped. */
    static void needsMounts() throws Exception {
        Installed.program("unshare", "Debian's package util-linux");
        Installed.program("setpriv", "Debian's package util-linux");
        Process look = new ProcessBuilder("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(look.waitFor() == 0, "this test needs the right to mount, as root has it");
    }

    Path output() {
        return output;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Sends SIGTERM; the exit code, or -1: it still runs. */
    int terminate(Duration atMost) throws InterruptedException {
        process.destroy();
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
