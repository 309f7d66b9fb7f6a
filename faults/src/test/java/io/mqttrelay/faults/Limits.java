package io.mqttrelay.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The limits that {@code deploy/} ships: memory, threads and file descriptors of one service. Linux counts threads by
 * user and not for root, so each service runs as its own user. If the test may not do that, threads have no limit.
 */
final class Limits {
    /** Bytes of a container. */
    static final long MEMORY = 768L << 20;

    /** 40 % of a container, and the memory of the network beside it. */
    static final String JAVA = "-Xmx307m -XX:MaxDirectMemorySize=192m";

    private static final int THREADS = 1024;
    private static final int DESCRIPTORS = 65_536;
    private static final int FIRST_USER = 100_000;
    private static final int TIMEOUT_SECONDS = 10;

    private Limits() {}

    /** Whether this machine lets the test limit threads of a program. */
    static boolean limitThreads(Path program) {
        List<String> line = new ArrayList<>(asUser(0));
        line.addAll(List.of("test", "-x", program.toString()));
        return succeeds(line);
    }

    /**
     * The beginning of a command line that runs a program under the limits.
     *
     * @param port of the service: its user has the same number
     */
    static List<String> around(Path program, int port) {
        List<String> line = new ArrayList<>();
        if (succeeds(List.of("prlimit", "--version"))) {
            line.addAll(List.of("prlimit", "--nofile=" + descriptors()));
            if (limitThreads(program)) {
                line.add("--nproc=" + THREADS);
                line.add("--");
                line.addAll(asUser(port));
            } else {
                line.add("--");
            }
        }
        return line;
    }

    /** For the row's output line. */
    static String described(Path program) {
        return JAVA + ", " + descriptors() + " descriptors, "
                + (limitThreads(program) ? THREADS + " threads" : "no limit of threads: needs root and setpriv");
    }

    private static List<String> asUser(int number) {
        String user = Integer.toString(FIRST_USER + number);
        return List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--");
    }

    /** The limit, but no more than this machine allows. */
    private static long descriptors() {
        try {
            Process asked = new ProcessBuilder("sh", "-c", "ulimit -Hn").start();
            String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return answer.matches("\\d+") ? Math.min(DESCRIPTORS, Long.parseLong(answer)) : DESCRIPTORS;
        } catch (IOException e) {
            return DESCRIPTORS;
        }
    }

    private static boolean succeeds(List<String> line) {
        try {
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
