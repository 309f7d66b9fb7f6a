package io.mqttrelay.bench.program;

import io.mqttrelay.testkit.process.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A measured process that reports when it is ready.
 *
 * @param adminPort of the packaged relay's readiness; 0: a contender, which prints a line
 */
public record Service(JavaProcess process, int adminPort) implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final Pattern READY = Pattern.compile("^ready$", Pattern.MULTILINE);
    private static final int OK = 200;

    /** Waits until it is ready. */
    Service awaitReady() {
        if (adminPort == 0) {
            process.await(READY, START);
            return this;
        }
        HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady(http)) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IllegalStateException("it does not get ready: " + process);
            }
            Watch.pause(INTERVAL);
        }
        return this;
    }

    private boolean isReady(HttpClient http) {
        URI uri = URI.create("http://127.0.0.1:" + adminPort + "/health/ready?all");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(ANSWER).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false; // not ready yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Stops it with SIGTERM, and kills it if it does not end. */
    @Override
    public void close() {
        try {
            process.terminate(END);
        } catch (AssertionError e) {
            process.close();
        }
    }
}
