package io.mqttrelay.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningConfigurationTest {
    private static final String SERVERS = "127.0.0.1:23456";

    @TempDir
    private Path folder;

    @TempDir
    private Path data;

    @Test
    void theDemosConfigurationReachesTheEmbeddedKafka() throws Exception {
        Path demo = DemoConfiguration.in(folder);
        assertThat(config(RunningConfiguration.write(demo, data, SERVERS))
                        .kafka()
                        .bootstrapServers())
                .isEqualTo(SERVERS);
    }

    @Test
    void everythingElseStaysAsItWasGiven() throws Exception {
        RelayConfig config = written("\"Kafka\": {\"Partitions\": 3, \"Replication_Factor\": 2}");
        assertThat(config.kafka().bootstrapServers()).isEqualTo(SERVERS);
        assertThat(config.kafka().partitions()).isEqualTo(3);
        assertThat(config.kafka().replicationFactor()).as("the only broker's").isNull();
        assertThat(config.routes())
                .singleElement()
                .satisfies(route -> assertThat(route.appId()).isEqualTo("a"));
    }

    @Test
    void filesAreFoundFromTheOtherFolder() throws Exception {
        Files.writeString(folder.resolve("secret"), "hunter2");
        RelayConfig config = written("\"admin\": {\"token\": \"$${literal}-${file:secret}\"}");
        assertThat(config.admin().token())
                .isNotNull()
                .satisfies(token -> assertThat(token.reveal()).isEqualTo("${literal}-hunter2"));
    }

    @Test
    void certificatesAreNamedFromTheRoot() throws Exception {
        Path file = given("\"admin\": {\"tls\": {\"CA_file\": \"certs/ca.pem\", \"key_file\": \"/etc/key.pem\"}}");
        var tls = new ObjectMapper()
                .readTree(RunningConfiguration.write(file, data, SERVERS).toFile())
                .at("/admin/tls");
        assertThat(tls.get("CA_file").textValue())
                .isEqualTo(folder.resolve("certs/ca.pem").toString());
        assertThat(tls.get("key_file").textValue()).isEqualTo("/etc/key.pem");
    }

    @Test
    void onlyItsOwnerMayReadItForItMayHoldSecrets() throws Exception {
        Path file = RunningConfiguration.write(DemoConfiguration.in(folder), data, SERVERS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aSecondStartReplacesIt() throws Exception {
        Path demo = DemoConfiguration.in(folder);
        RunningConfiguration.write(demo, data, "127.0.0.1:1");
        assertThat(config(RunningConfiguration.write(demo, data, SERVERS))
                        .kafka()
                        .bootstrapServers())
                .isEqualTo(SERVERS);
    }

    private RelayConfig written(String more) throws IOException {
        return config(RunningConfiguration.write(given(more), data, SERVERS));
    }

    private Path given(String more) throws IOException {
        return Files.writeString(folder.resolve("own.json"), """
                {"mqtt_brokers": [{"client_id": "c", "broker_ip": "127.0.0.1", "sub_deal_config": {
                  "app_id": "a", "callbackAddress": "http://localhost/", "subTopic": {"topic": "t/#", "qos": 1}}}], %s}
                """.formatted(more));
    }

    private static RelayConfig config(Path file) {
        ConfigResult result = ConfigReader.read(file, name -> null);
        assertThat(result).as(result.toString()).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config();
    }
}
