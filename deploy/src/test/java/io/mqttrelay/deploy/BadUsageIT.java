package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong files and wrong flags end every command with 2, the reason on stderr, and nothing touched. */
class BadUsageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WRONG = """
            {"mqtt_brokers": [{"client_id": "c", "broker_ip": "127.0.0.1", "broker_port": 70000,
              "sub_deal_config": {"app_id": "a", "callbackAdress": "http://127.0.0.1:1/a",
                                  "subTopic": {"topic": "t/#", "qos": 1}}}]}
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch", "quickstart"})
    void everyProblemOfAFileIsALine(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("relay.json"), WRONG);
        try (RelayProcess relay = RelayProcess.start(folder, command, "--config", file.toString())) {
            assertThat(relay.awaitExit(PATIENCE)).as(relay::toString).isEqualTo(2);
            assertThat(relay.out()).isEmpty();
            assertThat(relay.err().lines())
                    .contains(file + ": $.mqtt_brokers[0].broker_port: must be 1..65535, was 70000")
                    .allMatch(line -> line.startsWith(file + ": $."))
                    .anyMatch(line -> line.contains("callbackAdress") && line.contains("callbackAddress"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch", "quickstart"})
    void aFileThatIsNotThereIsSaid(String command) {
        try (RelayProcess relay = RelayProcess.start(folder, command, "--config", "no-such-file.json")) {
            assertThat(relay.awaitExit(PATIENCE)).as(relay::toString).isEqualTo(2);
            assertThat(relay.err()).contains("no-such-file.json").doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch", "quickstart"})
    void anUnknownFlagIsNamed(String command) {
        try (RelayProcess relay = RelayProcess.start(folder, command, "--confg", "x.json")) {
            assertThat(relay.awaitExit(PATIENCE)).as(relay::toString).isEqualTo(2);
            assertThat(relay.err()).contains("--confg").doesNotContain("\tat ");
        }
    }
}
