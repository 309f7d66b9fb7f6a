package io.mqttrelay.dispatch;

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
import java.util.regex.Pattern;

/** {@code relay dispatch} as a process: to be killed, and with its own heap. */
final class DispatcherProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern ADMIN = Pattern.compile("health and metrics on (http://\\S+)");

    private final JavaProcess process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI admin;

    private DispatcherProcess(JavaProcess process) {
        this.process = process;
        this.admin = URI.create(process.await(ADMIN, PATIENCE).group(1));
    }

    /**
     * Starts a process; returns when it serves its health.
     *
     * @param folder for its configuration, its output and other files
     * @param name unique in the folder
     * @param configuration the text of its configuration file
     */
    static DispatcherProcess start(Path folder, String name, String configuration, String... jvm) {
        List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
        options.addAll(List.of(jvm));
        JavaProcess process = null;
        try {
            Path file = Files.writeString(folder.resolve(name + ".json"), configuration);
            process = JavaProcess.start(
                    folder,
                    new JavaProcess.Command(
                            name, options, Main.class, List.of("dispatch", "--config", file.toString())));
            return new DispatcherProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            process.close();
            throw e;
        }
    }

    /** Waits until it is a member of its group. */
    DispatcherProcess ready() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (get("/health/ready").statusCode() != 200) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not ready: " + process);
            }
        }
        return this;
    }

    private HttpResponse<String> get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(admin.resolve(path))
                    .timeout(PATIENCE)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + process, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The sum of all samples of a meter whose labels contain this text; 0: there is none. */
    double meter(String name, String labels) {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    JavaProcess process() {
        return process;
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
