package io.mqttrelay.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicFilter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The file that the original program's documentation shows is read as it stands. */
class OriginalFileTest {
    private static final Path ORIGINAL = Path.of("src/test/resources/io/mqttrelay/common/config/original.json");

    private final RelayConfig config = Configs.valid(ORIGINAL);

    @Test
    void itsTwoClientsBecomeTwoRoutesOfOneApp() {
        assertThat(config.routes()).extracting(Route::name).containsExactly("go-mqtt-client-1", "go-mqtt-client-2");
        assertThat(config.routes()).extracting(Route::appId).containsOnly("123");
        assertThat(config.routes()).extracting(Route::appName).containsExactly("test1", "test2");
    }

    @Test
    void aRouteHasWhatTheFileSaysAndDefaultsForTheRest() {
        Broker broker = new Broker(
                null,
                null,
                60,
                List.of(new HostPort("127.0.0.1", 1883)),
                MqttVersion.V5,
                null,
                null,
                Duration.ofDays(7),
                65_535,
                null,
                true);
        Address address =
                new Address(URI.create("http://127.0.0.1:8000/api/test"), Map.of(), List.of(), TlsSettings.JVM_DEFAULT);
        assertThat(config.routes().get(0))
                .isEqualTo(new Route(
                        "go-mqtt-client-1",
                        broker,
                        "123",
                        "test1",
                        true,
                        List.of(address),
                        List.of(new Subscription(TopicFilter.parse("from/v1/#"), 0)),
                        List.of(ExcludeRule.parse("from/v1/aaa/")),
                        5,
                        new RetryBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.2),
                        Duration.ofSeconds(10),
                        Ordering.TOPIC,
                        MessageFormat.RAW,
                        128,
                        null,
                        null,
                        new CircuitBreakerSettings(50, 20, Duration.ofSeconds(15)),
                        Set.of(400, 406, 413, 414, 415, 422, 431)));
    }

    @Test
    void theLogIsAsItSays() {
        assertThat(config.log())
                .isEqualTo(new LogSettings(
                        LogSettings.Level.INFO, Path.of("logs/mqtt.log"), 1, 7, 3, LogSettings.Format.TEXT));
    }

    @Test
    void allThatItDoesNotKnowHasItsDefault() {
        assertThat(config.kafka())
                .isEqualTo(new KafkaSettings(
                        "localhost:9092",
                        "relay",
                        12,
                        null,
                        Duration.ofDays(7),
                        Duration.ofDays(30),
                        Map.of(),
                        Map.of(),
                        Map.of()));
        assertThat(config.ingest()).isEqualTo(new IngestSettings(64L << 20));
        assertThat(config.dispatch()).isEqualTo(new DispatchSettings("relay-dispatch", 1024, 64L << 20));
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.admin()).isEqualTo(new AdminSettings("127.0.0.1", 8081, 8082, null));
    }

    @Test
    void thePageOfMigrationHasEachOfItsKeys() throws IOException {
        String page = Files.readString(Path.of("../docs/migration.md"));
        Set<String> keys = new TreeSet<>(Set.of("callbaccallbackAddress")); // which its table has
        collect(new JsonMapper().readTree(Files.readString(ORIGINAL)), keys);
        assertThat(keys).hasSize(25).allSatisfy(key -> assertThat(page).containsPattern("`(\\w+\\.)?" + key + "`"));
    }

    private static void collect(JsonNode node, Set<String> keys) {
        node.fieldNames().forEachRemaining(keys::add);
        node.forEach(each -> collect(each, keys));
    }

    @Test
    void nobodyIsWarnedOfIt() {
        assertThat(Configs.warnings(ORIGINAL)).isEmpty();
    }
}
