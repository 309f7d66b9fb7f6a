package io.mqttrelay.dispatch;

import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.AdminSettings;
import io.mqttrelay.common.config.DispatchSettings;
import io.mqttrelay.common.config.IngestSettings;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.LogSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.UnusableConfigurationException;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.egress.Egress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A whole dispatcher, as {@code relay dispatch} runs it, and its health and meters over HTTP. */
final class DispatcherUnderTest implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DispatchService service;
    private final Duration grace;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Throwable> failures;
    private boolean closed;

    private RelayConfig config;

    private DispatcherUnderTest(DispatchService service, RelayConfig config, Duration grace, List<Throwable> failures) {
        this.service = service;
        this.config = config;
        this.grace = grace;
        this.failures = failures;
    }

    /** The settings of a dispatcher. */
    static final class Settings {
        private final String bootstrapServers;
        private final String prefix;
        private final List<Route> routes = new ArrayList<>();
        private final Map<String, Secret> consumer = new HashMap<>();
        private int partitions = 3;
        private int maxInFlight = 256;
        private long maxBuffered = 64L * 1024 * 1024;
        private Duration rebalanceWait = Duration.ofSeconds(30);
        private Duration grace = Duration.ofSeconds(10);

        /** The prefix also names the consumer group. */
        Settings(String bootstrapServers, String prefix) {
            this.bootstrapServers = bootstrapServers;
            this.prefix = prefix;
            consumer("metadata.max.age.ms", "1000"); // otherwise a new partition is found after five minutes
            consumer("heartbeat.interval.ms", "500"); // otherwise a rebalance takes three seconds
        }

        Settings route(TestRoute route) {
            routes.add(route.build());
            return this;
        }

        Settings consumer(String key, String value) {
            consumer.put(key, new Secret(value));
            return this;
        }

        Settings partitions(int count) {
            partitions = count;
            return this;
        }

        Settings maxInFlight(int calls) {
            maxInFlight = calls;
            return this;
        }

        Settings maxBuffered(long bytes) {
            maxBuffered = bytes;
            return this;
        }

        Settings rebalanceWait(Duration limit) {
            rebalanceWait = limit;
            return this;
        }

        Settings grace(Duration limit) {
            grace = limit;
            return this;
        }

        String group() {
            return prefix;
        }

        DispatcherUnderTest start() {
            KafkaSettings kafka = new KafkaSettings(
                    bootstrapServers,
                    prefix,
                    partitions,
                    null,
                    Duration.ofDays(7),
                    Duration.ofDays(30),
                    Map.of(),
                    Map.of(),
                    consumer);
            RelayConfig config = new RelayConfig(
                    routes,
                    TargetSettings.NONE,
                    kafka,
                    new IngestSettings(1L << 20, null),
                    new DispatchSettings(prefix, maxInFlight, maxBuffered, rebalanceWait),
                    Egress.DEFAULT,
                    grace,
                    new AdminSettings("127.0.0.1", 0, 0, null),
                    new LogSettings(LogSettings.Level.INFO, null, 100, 7, 3, LogSettings.Format.TEXT));
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            try {
                return new DispatcherUnderTest(
                        DispatchService.start(config, "test", failures::add), config, grace, failures);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Waits until it has its partitions. */
    DispatcherUnderTest ready() {
        await().atMost(PATIENCE).until(() -> get("/health/ready?all").statusCode() == 200);
        return this;
    }

    /** Reloads with other routes, as at SIGHUP. */
    void reload(TestRoute... routes) {
        RelayConfig next = new RelayConfig(
                Stream.of(routes).map(TestRoute::build).toList(),
                config.targets(),
                config.kafka(),
                config.ingest(),
                config.dispatch(),
                config.egress(),
                config.shutdownGrace(),
                config.admin(),
                config.log());
        try {
            service.reload(ConfigDifference.between(config, next), next);
        } catch (UnusableConfigurationException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        config = next;
    }

    HttpResponse<String> get(String path) {
        URI uri = URI.create("http://127.0.0.1:" + service.adminAddress().getPort() + path);
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    /** Names and labels of all meters of the relay itself. */
    List<String> meters() {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("relay_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    /** Failures that would have ended the process. */
    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Ends it as SIGTERM does; a defect met on the way is the test's failure. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            service.close(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("the dispatcher would have ended its process", failures.get(0));
        }
    }
}
