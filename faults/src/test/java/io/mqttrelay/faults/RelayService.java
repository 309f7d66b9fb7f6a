package io.mqttrelay.faults;

import io.mqttrelay.testkit.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * {@code relay ingest} or {@code relay dispatch} of the packaged program: killed, stopped and started again with the
 * same configuration. Belongs to the test's thread; any thread may ask for metrics.
 */
final class RelayService implements AutoCloseable {
    static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final String PRINT_TO = "exec \"$@\" > \"$0\" 2>&1";

    private final Setup setup;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();
    private Path launcher = launcher();
    private JavaProcess process;

    /**
     * The settings of a service.
     *
     * @param name of its output file
     * @param command {@code ingest} or {@code dispatch}
     * @param javaOptions such as {@code -Xmx128m}
     * @param output its output goes there instead of its output file
     * @param limited by the heap, threads and descriptors of {@link Limits}
     */
    record Setup(
            Path folder,
            String name,
            String command,
            Path configuration,
            int adminPort,
            List<String> javaOptions,
            Optional<Path> output,
            boolean limited) {}

    private RelayService(Setup setup) {
        this.setup = setup;
        this.process = launch();
    }

    /** Starts it; does not wait. */
    static RelayService start(Setup setup) {
        return new RelayService(setup);
    }

    private String javaOptions() {
        String heap = setup.limited() ? Limits.JAVA + " " : "";
        return heap + String.join(" ", setup.javaOptions());
    }

    private JavaProcess launch() {
        List<String> line = new ArrayList<>();
        setup.output().ifPresent(output -> line.addAll(List.of("sh", "-c", PRINT_TO, output.toString())));
        if (setup.limited()) {
            line.addAll(Limits.around(launcher, setup.adminPort()));
        }
        line.addAll(List.of(
                // as from a shell: a background build may ignore these signals, and so would its children
                "env",
                "--default-signal=HUP,INT",
                launcher.toString(),
                setup.command(),
                "--config",
                setup.configuration().toString()));
        return JavaProcess.start(
                setup.folder(),
                setup.name(),
                line,
                Map.of(
                        "RELAY_JAVA_OPTS", javaOptions(),
                        "RELAY_INSTANCE", setup.name()));
    }

    /** The launcher of the distribution that {@code package} made, or of the folder {@code RELAY_UNDER_TEST}. */
    static Path launcher() {
        String other = System.getenv("RELAY_UNDER_TEST");
        if (other != null && !other.isEmpty()) {
            return Path.of(other, "bin", "relay").toAbsolutePath();
        }
        Path packaged = Path.of("..", "deploy", "target").toAbsolutePath().normalize();
        try (Stream<Path> target = Files.list(packaged)) {
            return target.map(folder -> folder.resolve("bin/relay"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalStateException("no distribution in " + packaged + ": package it first"));
        } catch (IOException e) {
            throw new UncheckedIOException("no distribution in " + packaged + ": package it first", e);
        }
    }

    /** The name of its output file, and of its member in a shared group. */
    String name() {
        return setup.name();
    }

    /** Waits until all of its parts work. */
    RelayService ready() {
        return answering("/health/ready?all");
    }

    /** Waits until it is ready, even if some parts do not work. */
    RelayService serving() {
        return answering("/health/ready");
    }

    private RelayService answering(String page) {
        long deadline = System.nanoTime() + START.toNanos();
        while (!get(page).startsWith("200")) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new AssertionError("not ready: " + process);
            }
            Pause.shortly();
        }
        return this;
    }

    boolean isReady() {
        return get("/health/ready").startsWith("200");
    }

    /** The sum of all samples of a meter whose labels contain all of these texts; 0: there is none, or no answer. */
    double meter(String name, String... labels) {
        return samples(name, labels).sum();
    }

    /** The largest of all such samples. */
    double largest(String name, String... labels) {
        return samples(name, labels).max().orElse(0);
    }

    private DoubleStream samples(String name, String... labels) {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name) && Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
    }

    /** Status and body; empty: no answer. */
    String get(String path) {
        URI uri = URI.create("http://127.0.0.1:" + setup.adminPort() + path);
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri).timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + "\n" + answer.body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The port of health and metrics. */
    int adminPort() {
        return setup.adminPort();
    }

    JavaProcess process() {
        return process;
    }

    /** Kills it like a power cut; returns when it is gone. */
    void kill() {
        process.kill();
    }

    /** Starts it again after it ended; does not wait. */
    void startAgain() {
        process = launch();
    }

    /** Starts another version of it. */
    RelayService startAgainAs(Path otherLauncher) {
        launcher = otherLauncher;
        startAgain();
        return this;
    }

    /** {@code VmRSS}, bytes; 0: not available on this system. */
    long residentBytes() {
        return status("VmRSS:");
    }

    /** {@code VmHWM}, the most that was resident, bytes; 0: not available on this system. */
    long mostResidentBytes() {
        return status("VmHWM:");
    }

    private long status(String field) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return process.toString();
    }

    @Override
    public void close() {
        process.close();
    }
}
