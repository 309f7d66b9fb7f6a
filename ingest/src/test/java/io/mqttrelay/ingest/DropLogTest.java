package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However many messages are dropped, the log stays readable. */
class DropLogTest {
    private final ManualClock clock = ManualClock.create();
    private final DropLog log = new DropLog(clock.nanoTime());
    private final LogLines lines = new LogLines(DropLog.class);

    @AfterEach
    void close() {
        lines.close();
    }

    @Test
    void aKindOfDropIsToldAtOnceAndThenCountedForTenSeconds() {
        for (int i = 0; i < 1000; i++) {
            log.qos0("route");
        }
        assertThat(lines.lines())
                .singleElement()
                .asString()
                .contains("WARN route: ")
                .contains(": 1 since last told");

        clock.advance(Duration.ofSeconds(10));
        log.qos0("route");
        assertThat(lines.lines()).hasSize(2).last().asString().contains(": 1000 since last told");
    }

    @Test
    void oneKindDoesNotHideAnother() {
        log.qos0("route");
        log.noFilter("route", "a/b");
        log.tooLarge(message("a/b"), "relay.app.dead");
        assertThat(lines.lines()).hasSize(3).last().asString().contains("relay.app.dead");
    }

    @Test
    void aLossIsToldEachTime() {
        log.lost(message("a/1"), "refused");
        log.lost(message("a/2"), "refused");
        assertThat(lines.lines()).hasSize(2).allMatch(line -> line.startsWith("ERROR route: message id "));
    }

    @Test
    void aTopicNeitherBreaksNorFloodsItsLine() {
        log.noFilter("route", "a\n2026 ERROR forged\u001b[2J\u2028" + "x".repeat(60_000));
        assertThat(lines.lines())
                .singleElement()
                .asString()
                .contains("a\\u000A2026 ERROR forged\\u001B[2J\\u2028xxx")
                .hasSizeLessThan(500);
    }

    private static RelayMessage message(String topic) {
        return new RelayMessage(
                "id", "app", "route", 0, topic, 1, false, null, null, null, null, List.of(), new byte[10]);
    }
}
