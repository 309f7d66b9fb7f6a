package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.UnusableConfigurationException;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A complete ingest in this process, from a configuration file, observed through health and metrics. */
final class RunningIngest implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final IngestService service;
    private RelayConfig config;
    private final List<Throwable> failures;
    private final HttpClient http = HttpClient.newHttpClient();
    private boolean closed;

    private RunningIngest(IngestService service, RelayConfig config, List<Throwable> failures) {
        this.service = service;
        this.config = config;
        this.failures = failures;
    }

    /** A configuration with one broker entry on loopback; {@code edit} changes it. */
    static ObjectNode config(
            String kafka, int mqttPort, String clientId, String appId, String filter, Consumer<ObjectNode> edit) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode broker = root.putArray("mqtt_brokers").addObject();
        broker.put("client_id", clientId).put("broker_ip", "127.0.0.1").put("broker_port", mqttPort);
        ObjectNode route = broker.putObject("sub_deal_config");
        route.put("app_id", appId).put("callbackAddress", "http://127.0.0.1:9/unused");
        route.putObject("subTopic").put("topic", filter).put("qos", 1);
        root.putObject("kafka").put("bootstrap_servers", kafka).put("partitions", 3);
        root.putObject("admin").put("ingest_port", 0);
        edit.accept(root);
        return root;
    }

    static ObjectNode broker(ObjectNode root) {
        return (ObjectNode) root.get("mqtt_brokers").get(0);
    }

    static ObjectNode route(ObjectNode root) {
        return (ObjectNode) broker(root).get("sub_deal_config");
    }

    /** A route with one filter. */
    static Route routeOf(String filter) {
        try {
            return read(config("localhost:9", 1883, "route", "app", filter, root -> {}))
                    .routes()
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RunningIngest start(ObjectNode config) {
        return start(config, "test");
    }

    static RunningIngest start(ObjectNode config, String instance) {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try {
            RelayConfig read = read(config);
            return new RunningIngest(IngestService.start(read, instance, failures::add), read, failures);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reloads another file, as at SIGHUP. */
    void reload(ObjectNode changed) {
        try {
            RelayConfig next = read(changed);
            service.reload(ConfigDifference.between(config, next), next);
            config = next;
        } catch (IOException | UnusableConfigurationException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static RelayConfig read(ObjectNode config) throws IOException {
        Path file = Files.createTempFile("relay-ingest-", ".json");
        try {
            Files.writeString(file, JSON.writeValueAsString(config));
            ConfigResult result = ConfigReader.read(file, name -> null);
            assertThat(result).isInstanceOf(ConfigResult.Valid.class);
            return ((ConfigResult.Valid) result).config();
        } finally {
            Files.delete(file);
        }
    }

    /** Waits until every part works. */
    RunningIngest awaitReady() {
        await("ready")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ready().statusCode() == 200);
        return this;
    }

    /** Waits until readiness reports a reason with these words. */
    String awaitReason(String words) {
        await("reason: " + words)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ready().statusCode() == 503 && ready().body().contains(words));
        return ready().body();
    }

    /** Readiness of every part. */
    HttpResponse<String> ready() {
        return get("/health/ready?all"); // every route is subscribed
    }

    /** Readiness as an orchestrator sees it. */
    HttpResponse<String> readiness() {
        return get("/health/ready");
    }

    HttpResponse<String> live() {
        return get("/health/live");
    }

    /** The sum of a meter's values over the series whose labels contain {@code label}. */
    double metric(String name, String label) {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Names and labels of the relay's own meters. */
    List<String> meters() {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("relay_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    void awaitMetric(String name, String label, double atLeast) {
        await(name)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(metric(name, label)).isGreaterThanOrEqualTo(atLeast));
    }

    /** Waits until all messages from MQTT are stored in Kafka and acknowledged. */
    void awaitNothingUnacked(String app) {
        await("nothing unacknowledged")
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(
                        () -> assertThat(metric("relay_ingest_unacked{", app)).isZero());
    }

    private HttpResponse<String> get(String path) {
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

    /** Stops it as SIGTERM does. */
    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    void close(Duration grace) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            service.close(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(failures).as("what escaped from a thread").isEmpty();
    }
}
