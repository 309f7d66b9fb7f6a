package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.destination.AddressSchemes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses that lead back into the relay are refused. */
class OwnTargetsTest {
    @TempDir
    private Path folder;

    private List<String> problems(String address) throws IOException {
        Path file = Files.writeString(folder.resolve("relay.json"), """
                {"mqtt_brokers": [{"client_id": "reader", "broker_ip": "Mqtt.example", "sub_deal_config": {
                    "app_id": "a", "subTopic": {"topic": "in/+", "qos": 1}, "callbackAddress": %s}}],
                 "targets": {
                    "kafka": {
                        "own": {"bootstrap_servers": "other:9092, Kafka:9092"},
                        "other": {"bootstrap_servers": "kafka:9093"}},
                    "mqtt": {
                        "same": {"broker_ip": "mqtt.example"},
                        "port": {"broker_ip": "mqtt.example", "broker_port": 1884}}},
                 "kafka": {"bootstrap_servers": "kafka:9092", "topic_prefix": "relay"}}
                """.formatted(address));
        ConfigResult result = ConfigReader.read(file, name -> null, KafkaCheck.NONE, AddressSchemes.ANY);
        return result instanceof ConfigResult.Invalid invalid ? invalid.problems() : List.of();
    }

    @Test
    void topicsOfTheRelayItselfAreRefused() throws IOException {
        assertThat(problems("\"kafka://own/relay.a.replay\""))
                .singleElement()
                .asString()
                .contains("kafka://own/relay.a.replay of route reader is a topic of the relay itself");
        assertThat(problems("[\"kafka://own/relays\", \"kafka://other/relay.a\"]"))
                .isEmpty();
    }

    @Test
    void mqttTopicsThatARouteReadsAreRefused() throws IOException {
        assertThat(problems("\"mqtt://same/in/%C3%A4\""))
                .singleElement()
                .asString()
                .contains("publishes to in/ä, which route reader subscribes to at the same broker by in/+");
        assertThat(problems("[\"mqtt://same/in/a/b\", \"mqtt://port/in/a\"]")).isEmpty();
    }

    @Test
    void topicsOfATemplateAreNotKnownBefore() throws IOException {
        assertThat(problems("{\"url\": \"mqtt://same/in/a\", \"template\": {\"topic\": \"\\\"out\\\"\"}}"))
                .isEmpty();
    }
}
