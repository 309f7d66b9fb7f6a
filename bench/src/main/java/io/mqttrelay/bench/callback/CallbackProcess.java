package io.mqttrelay.bench.callback;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.testkit.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The callback in a separate process. */
public final class CallbackProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern SERVES = Pattern.compile(Callback.SERVES + "(\\d+)");

    private final JavaProcess process;
    private final String base;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private CallbackProcess(JavaProcess process) {
        this.process = process;
        this.base = "http://127.0.0.1:" + process.await(SERVES, PATIENCE).group(1);
    }

    public static CallbackProcess start(Path folder) {
        return new CallbackProcess(JavaProcess.start(
                folder,
                new JavaProcess.Command(
                        "callback", List.of("-Xmx512m", "-XX:+UseSerialGC"), Callback.class, List.of())));
    }

    public long pid() {
        return process.pid();
    }

    /** The URL of an address: {@code /a}, {@code /b} or {@code /down}. */
    public String url(String path) {
        return base + path;
    }

    /** Resets all counts, and sets the behaviour of the next run. */
    public void begin(int expected, int topics, Conditions conditions) {
        get("/begin?expected=" + expected + "&topics=" + topics + "&delay_micros="
                + conditions.delay().toNanos() / 1000 + "&fail_permille=" + conditions.failPermille()
                + "&aside=" + conditions.aside() + "&blocked=" + conditions.blocked());
    }

    /** Resets the latencies. */
    public void forgetLatency() {
        get("/forget-latency");
    }

    public CallbackStats stats() {
        return get("/stats");
    }

    private CallbackStats get(String target) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + target))
                    .timeout(PATIENCE)
                    .build();
            return json.readValue(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body(), CallbackStats.class);
        } catch (IOException e) {
            throw new UncheckedIOException("the callback does not answer: " + process, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
