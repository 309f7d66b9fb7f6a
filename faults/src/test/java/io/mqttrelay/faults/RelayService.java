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
import java.util.stream.Stream;

/**
 * {@code relay ingest} or {@code relay dispatch} of the packaged program: killed, stopped and started again with the same
 * configuration. Belongs to the test's thread; may be asked for metrics by any.
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
     * How it is started.
     *
     * @param name of its output file
     * @param command {@code ingest} or {@code dispatch}
     * @param javaOptions such as {@code -Xmx128m}
     * @param output what it prints goes there instead of its output file
     */
    record Setup(
            Path folder,
            String name,
            String command,
            Path configuration,
            int adminPort,
            List<String> javaOptions,
            Optional<Path> output) {}

    private RelayService(Setup setup) {
        this.setup = setup;
        this.process = launch();
    }

    /** Starts it; does not wait. */
    static RelayService start(Setup setup) {
        return new RelayService(setup);
    }

    private JavaProcess launch() {
        List<String> line = new ArrayList<>();
        setup.output().ifPresent(output -> line.addAll(List.of("sh", "-c", PRINT_TO, output.toString())));
        line.addAll(List.of(
                // as from a shell: a build in the background may have them ignored, and so would all that it starts
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
                        "RELAY_JAVA_OPTS", String.join(" ", setup.javaOptions()),
                        "RELAY_INSTANCE", setup.name()));
    }

    /** Of the distribution that {@code package} made. */
    static Path launcher() {
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

    /** Of its output file, and what tells it apart from others of its shared group. */
    String name() {
        return setup.name();
    }

    /** Waits until it says that it does its job. */
    RelayService ready() {
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady()) {
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

    /** The sum of all samples of a meter whose labels contain this text; 0: there is none, or no answer. */
    double meter(String name, String labels) {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
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

    JavaProcess process() {
        return process;
    }

    /** As a power cut does; returns when it is gone. */
    void kill() {
        process.kill();
    }

    /** Starts it again after it ended; does not wait. */
    void startAgain() {
        process = launch();
    }

    /** The same, but another version of it. */
    RelayService startAgainAs(Path otherLauncher) {
        launcher = otherLauncher;
        startAgain();
        return this;
    }

    /** {@code VmRSS}, bytes; 0: this system does not tell. */
    long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
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
