package io.mqttrelay.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.AddressSchemes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code relay validate}. */
class ValidateCommandTest {
    private static final String CONFIG = """
        {"mqtt_brokers": [{"client_id": "c", "broker_ip": "127.0.0.1", %s "sub_deal_config": {
          "app_id": "a", "callbackAddress": "http://127.0.0.1/", "subTopic": {"topic": "t", "qos": 0}}}] %s}
        """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int validate(String broker, String more) throws IOException {
        Path file = Files.writeString(folder.resolve("relay.json"), CONFIG.formatted(broker, more));
        return Cli.run(
                new String[] {"validate", "--config", file.toString()},
                List.of(new ValidateCommand(AddressSchemes.HTTP)),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
    }

    @Test
    void aFileThatCanBeWorkedWithEndsWithValid() throws IOException {
        assertThat(validate("\"session_expiry\": \"1h\",", "")).isZero();
        assertThat(out.toString()).endsWith("\n\nvalid\n").doesNotContain("original program");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void listsTheDifferencesOfAnOriginalFile() throws IOException {
        assertThat(validate("", "")).isZero();
        assertThat(out.toString())
                .containsPattern(
                        "original program\n  \\$\\.mqtt_brokers\\[0\\]\\.sub_deal_config\\.subTopic\\.qos: 0 is")
                .endsWith("\n\nvalid\n");
    }

    @Test
    void reportsUnusableKafkaSettingsWithAllOtherProblems() throws IOException {
        assertThat(validate(
                        "\"alive\": -1,",
                        ", \"kafka\": {\"properties\": {\"security.protocol\": \"SSL\", \"ssl.truststore.location\":"
                                + " \"/nowhere/trust.jks\"}, \"consumer\": {\"heartbeat.interval.ms\": 99999}}"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("$.mqtt_brokers[0].alive: "))
                .anyMatch(
                        line -> line.endsWith("$.kafka.properties['ssl.truststore.location']: the file does not exist"))
                .anyMatch(line -> line.contains("$.kafka.consumer['heartbeat.interval.ms']: no Kafka client works"));
        assertThat(out.toString()).isEmpty();
    }
}
