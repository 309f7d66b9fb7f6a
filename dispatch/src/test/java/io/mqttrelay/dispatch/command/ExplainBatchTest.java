package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.AdminSettings;
import io.mqttrelay.common.config.DispatchSettings;
import io.mqttrelay.common.config.IngestSettings;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.LogSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.SinkProviders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code relay explain} has one message, and tells that a batch could have more. */
class ExplainBatchTest {
    private static RelayConfig config(TestRoute route) {
        return new RelayConfig(
                List.of(route.build()),
                TargetSettings.NONE,
                new KafkaSettings(
                        "localhost:9092",
                        "relay",
                        12,
                        null,
                        Duration.ofDays(7),
                        Duration.ofDays(30),
                        Map.of(),
                        Map.of(),
                        Map.of()),
                new IngestSettings(1L << 20, null),
                new DispatchSettings("g", 1, 1 << 20, Duration.ofSeconds(30)),
                Egress.DEFAULT,
                Duration.ZERO,
                new AdminSettings("127.0.0.1", 0, 0, null),
                new LogSettings(LogSettings.Level.INFO, null, 100, 7, 3, LogSettings.Format.TEXT));
    }

    static String explained(TestRoute route) {
        Clock clock = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
        return new Explain(config(route), SinkProviders.installed(), new PreviewContext(clock, "1"))
                .text(new Example("t/1", 1, List.of(), "{\"t\":1}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aBatchIsShownWithOneMessage() {
        String text = explained(TestRoute.of("r", "app", "http://127.0.0.1:9/a").batch(50, 1 << 18, Duration.ZERO));
        assertThat(text)
                .contains(
                        "at most 6 attempts of 10 s, here as a batch of one of the up to 50 messages that fit:\n",
                        "content-type: application/json\n",
                        "relay-batch-size: 1\n",
                        "    [{\"header\":{\"id\":",
                        "\"body\":{\"t\":1}}]\n")
                .doesNotContain("relay-topic", "relay-qos");
    }

    @Test
    void withoutBatchesNothingIsSaidOfThem() {
        assertThat(explained(TestRoute.of("r", "app", "http://127.0.0.1:9/a")))
                .contains("at most 6 attempts of 10 s:\n", "relay-topic: t/1\n")
                .doesNotContain("batch");
    }
}
