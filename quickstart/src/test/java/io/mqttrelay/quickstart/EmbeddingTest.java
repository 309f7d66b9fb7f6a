package io.mqttrelay.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.config.value.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {
    private static final String LOCAL_BROKER = "\"broker_ip\": \"127.0.0.1\", \"broker_port\": 1883";

    @TempDir
    private Path folder;

    @Test
    void embedsServersForUnusedAddresses() throws Exception {
        Embedding embedding = embedding(LOCAL_BROKER, "http://localhost:8000/a", "", Set.of());
        assertThat(embedding).isEqualTo(new Embedding(true, Set.of(1883), Set.of(8000)));
    }

    @Test
    void usesServersThatRunAlready() throws Exception {
        Embedding embedding = embedding(LOCAL_BROKER, "http://localhost:8000/a", "", Set.of(1883, 8000));
        assertThat(embedding).isEqualTo(new Embedding(true, Set.of(), Set.of()));
    }

    @Test
    void aNamedKafkaIsNeverReplaced() throws Exception {
        String kafka = ", \"Kafka\": {\"Bootstrap_Servers\": \"localhost:9092\"}";
        assertThat(embedding(LOCAL_BROKER, "http://localhost:8000/a", kafka, Set.of())
                        .kafka())
                .isFalse();
    }

    @Test
    void aKafkaSectionWithoutServersStillGetsOne() throws Exception {
        String kafka = ", \"kafka\": {\"partitions\": 3}";
        assertThat(embedding(LOCAL_BROKER, "http://localhost:8000/a", kafka, Set.of())
                        .kafka())
                .isTrue();
    }

    @Test
    void otherMachinesAreLeftAlone() throws Exception {
        String broker = "\"broker_addresses\": [\"mqtt.example.com:1883\", \"10.0.0.1:1883\"]";
        assertThat(embedding(broker, "http://callback.example.com/a", "", Set.of()))
                .isEqualTo(new Embedding(true, Set.of(), Set.of()));
    }

    @Test
    void aHostNameWithAnUnderscoreIsAnotherMachine() throws Exception {
        assertThat(embedding("\"broker_ip\": \"mqtt_broker\"", "http://my_service:8000/a", "", Set.of()))
                .isEqualTo(new Embedding(true, Set.of(), Set.of()));
    }

    @Test
    void embedsNoServerForTlsOrWebSocket() throws Exception {
        assertThat(embedding(LOCAL_BROKER + ", \"tls\": true", "https://localhost:8443/a", "", Set.of()))
                .isEqualTo(new Embedding(true, Set.of(), Set.of()));
        assertThat(embedding(LOCAL_BROKER + ", \"websocket_path\": \"mqtt\"", "http://[::1]/a", "", Set.of()))
                .isEqualTo(new Embedding(true, Set.of(), Set.of(80)));
    }

    private Embedding embedding(String broker, String callback, String more, Set<Integer> listening)
            throws IOException {
        Path file = folder.resolve("relay.json");
        Files.writeString(file, """
                {"mqtt_brokers": [{"client_id": "c", %s, "sub_deal_config": {
                  "app_id": "a", "callbackAddress": "%s", "subTopic": {"topic": "t/#", "qos": 1}}}]%s}
                """.formatted(broker, callback, more));
        Predicate<HostPort> listens = address -> listening.contains(address.port());
        return Embedding.of(config(file), ConfiguredKafka.isNamedIn(file), listens);
    }

    private static RelayConfig config(Path file) {
        ConfigResult result = ConfigReader.read(file, name -> null);
        assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config();
    }
}
