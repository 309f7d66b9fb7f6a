package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mqttrelay.common.config.AdminSettings;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.DispatchSettings;
import io.mqttrelay.common.config.IngestSettings;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.LogSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.TestDestination;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example file in the original program's documentation is read unchanged. */
class OriginalFileTest {
    private static final Path ORIGINAL = Path.of("src/test/resources/io/mqttrelay/common/config/read/original.json");

    private final RelayConfig config = Configs.valid(ORIGINAL);

    private static List<String> differences(Path file) {
        return ((ConfigResult.Valid) Configs.read(file, Map.of())).differences();
    }

    @Test
    void listsDifferencesFromTheOriginalQos0First() {
        assertThat(differences(ORIGINAL)).hasSize(4);
        assertThat(differences(ORIGINAL).get(0))
                .startsWith("$.mqtt_brokers[0].sub_deal_config.subTopic.qos,"
                        + " $.mqtt_brokers[1].sub_deal_config.subTopic.qos: 0 is best effort");
        assertThat(differences(ORIGINAL))
                .anyMatch(line -> line.contains("client_id: the MQTT broker keeps a session"))
                .anyMatch(line -> line.contains("sub_deal_config.retry: counts attempts"))
                .anyMatch(line -> line.startsWith("$.log_config.filename: each service"));
    }

    @Test
    void listsNoSettingWithTheMeaningOfTheOriginal(@TempDir Path folder) {
        String route = "\"Enabled\": true, \"excludeTopics\": [\"a/\"],";
        assertThat(differences(Configs.write(folder, Configs.json("\"kafka\": {},", "", route))))
                .singleElement()
                .asString()
                .contains("client_id");
    }

    @Test
    void everySettingThatDiffersIsFound(@TempDir Path folder) {
        String json = """
                {"mqtt_brokers": [{"Client_ID": "c", "broker_ip": "h", "broker_port": 1, "alive": 1, "sub_deal_config": [
                  {"app_id": "a", "enabled": false, "callbackAddress": ["http://h/", "http://h/2"],
                   "subTopic": {"topic": "t/#", "QoS": 0}, "excludeTopics": ["t/a", "t/b/"]},
                  {"app_id": "b", "callbackAddress": ["http://h/"], "subTopic": {"topic": "t", "qos": 1}}]}],
                 "log_config": {"maxsize": 0}}
                """;
        assertThat(differences(Configs.write(folder, json)))
                .extracting(line -> line.substring(0, line.indexOf(": ")))
                .containsExactly(
                        "$.mqtt_brokers[0].sub_deal_config[0].subTopic.qos",
                        "$.mqtt_brokers[0].client_id",
                        "$.mqtt_brokers[0].sub_deal_config",
                        "$.mqtt_brokers[0].sub_deal_config[0].enabled",
                        "$.mqtt_brokers[0].sub_deal_config[0].callbackAddress",
                        "$.mqtt_brokers[0].sub_deal_config[0].excludeTopics[0]",
                        "$.log_config.maxsize");
    }

    @Test
    void ofAFileThatWasWrittenForTheRelayNothingIsListed(@TempDir Path folder) {
        assertThat(differences(Configs.write(folder, Configs.json("", "\"tls\": false,", "\"retry\": 1,"))))
                .isEmpty();
        assertThat(differences(Configs.write(folder, Configs.json("", "", "\"retry\": 1, \"timeout\": \"1s\","))))
                .isEmpty();
    }

    @Test
    void itsTwoClientsBecomeTwoRoutesOfOneApp() {
        assertThat(config.routes()).extracting(Route::name).containsExactly("go-mqtt-client-1", "go-mqtt-client-2");
        assertThat(config.routes()).extracting(Route::appId).containsOnly("123");
        assertThat(config.routes()).extracting(Route::appName).containsExactly("test1", "test2");
    }

    @Test
    void aRouteHasTheValuesOfTheFileAndDefaults() {
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
                true,
                false);
        Destination.Owner owner = new Destination.Owner("123", "test1", "go-mqtt-client-1", Ordering.TOPIC);
        assertThat(config.routes().get(0))
                .isEqualTo(new Route(
                        "go-mqtt-client-1",
                        broker,
                        "123",
                        "test1",
                        true,
                        List.of(new Subscription(TopicFilter.parse("from/v1/#"), 0)),
                        List.of(ExcludeRule.parse("from/v1/aaa/")),
                        Ordering.TOPIC,
                        List.of(TestDestination.of(owner, "http://127.0.0.1:8000/api/test")
                                .build())));
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
        assertThat(config.ingest()).isEqualTo(new IngestSettings(null, null));
        assertThat(config.dispatch())
                .isEqualTo(new DispatchSettings("relay-dispatch", 1024, 64L << 20, Duration.ofSeconds(30)));
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.admin()).isEqualTo(new AdminSettings("127.0.0.1", 8081, 8082, null));
    }

    @Test
    void thePageOfMigrationHasEachOfItsKeys() throws IOException {
        String page = Files.readString(Path.of("../docs/migration.md"));
        Set<String> keys = new TreeSet<>(Set.of("callbaccallbackAddress")); // this alias is in the original's table
        collect(new JsonMapper().readTree(Files.readString(ORIGINAL)), keys);
        assertThat(keys).hasSize(25).allSatisfy(key -> assertThat(page).containsPattern("`(\\w+\\.)?" + key + "`"));
    }

    private static void collect(JsonNode node, Set<String> keys) {
        node.fieldNames().forEachRemaining(keys::add);
        node.forEach(each -> collect(each, keys));
    }

    @Test
    void givesNoWarning() {
        assertThat(Configs.warnings(ORIGINAL)).isEmpty();
    }
}
