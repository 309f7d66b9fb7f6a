package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.RelayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dispatch.rebalance_wait} together with settings of the Kafka client and the routes. */
class RebalanceWaitTest {
    @TempDir
    Path folder;

    private Path file(String sections, String ofRoute) throws IOException {
        return Files.writeString(folder.resolve("relay.json"), Configs.json(sections, "", ofRoute));
    }

    private List<String> lines(String sections, String ofRoute) throws IOException {
        return Configs.lines(file(sections, ofRoute), Map.of());
    }

    private RelayConfig config(String sections) throws IOException {
        ConfigResult result = ConfigReader.read(file(sections, ""), Map.<String, String>of()::get);
        return ((ConfigResult.Valid) result).config();
    }

    @Test
    void isThirtySecondsUnlessSet() throws IOException {
        assertThat(config("").dispatch().rebalanceWait()).hasSeconds(30);
        assertThat(config("\"dispatch\": {\"rebalance_wait\": \"2m\"},")
                        .dispatch()
                        .rebalanceWait())
                .hasSeconds(120);
    }

    @Test
    void mustLeaveThirtySecondsOfThePollInterval() throws IOException {
        String kafka = "\"kafka\": {\"consumer\": {\"max.poll.interval.ms\": 60000}},";
        assertThat(lines(kafka + "\"dispatch\": {\"rebalance_wait\": \"31s\"},", ""))
                .anyMatch(line -> line.contains("$.dispatch.rebalance_wait: must be at most 30s"));
        assertThat(lines(kafka + "\"dispatch\": {\"rebalance_wait\": \"30s\"},", ""))
                .noneMatch(line -> line.contains("rebalance_wait"));
    }

    @Test
    void theDefaultFollowsAShorterPollInterval() throws IOException {
        assertThat(config("\"kafka\": {\"consumer\": {\"max.poll.interval.ms\": 45000}},")
                        .dispatch()
                        .rebalanceWait())
                .isEqualTo(Duration.ofSeconds(15));
        assertThat(config("\"kafka\": {\"properties\": {\"max.poll.interval.ms\": 6000}},")
                        .dispatch()
                        .rebalanceWait())
                .isZero();
    }

    @Test
    void warnsOfATimeoutThatIsLonger() throws IOException {
        assertThat(lines("", "\"timeout\": \"31s\","))
                .anyMatch(line -> line.contains(".timeout: is longer than dispatch.rebalance_wait (30s)"));
        assertThat(lines("", "\"timeout\": \"30s\",")).noneMatch(line -> line.contains("rebalance_wait"));
    }
}
