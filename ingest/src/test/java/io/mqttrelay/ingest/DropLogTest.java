package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log stays readable at any number of dropped messages. */
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
        log.noFilter("route", "a/b", true);
        log.tooLarge("route", "id", "a/b", 10, "relay.app.dead");
        assertThat(lines.lines()).hasSize(3).last().asString().contains("relay.app.dead");
    }

    @Test
    void aLossIsToldEachTime() {
        log.lost("route", "id", "a/1", 10, "refused");
        log.lost("route", "id", "a/2", 10, "refused");
        assertThat(lines.lines()).hasSize(2).allMatch(line -> line.startsWith("ERROR route: message id "));
    }

    @Test
    void aTopicNeitherBreaksNorFloodsItsLine() {
        log.noFilter("route", "a\n2026 ERROR forged\u001b[2J\u2028" + "x".repeat(60_000), true);
        assertThat(lines.lines())
                .singleElement()
                .asString()
                .contains("a\\u000A2026 ERROR forged\\u001B[2J\\u2028xxx")
                .hasSizeLessThan(500);
    }
}
