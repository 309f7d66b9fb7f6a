package io.mqttrelay.dispatch.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.dispatch.LogLines;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The first dead letter is logged at once, later ones as a sum. */
final class DeadLetterLogTest {
    private static final DeadLetter LETTER = new DeadLetter(DeadReason.REJECTED, "http://x", 1, 400, "answered 400", 0);

    private final ManualClock clock = ManualClock.create();
    private final DeadLetterLog log = new DeadLetterLog("app", clock.nanoTime());

    @Test
    void manyLettersAreFewLines() {
        try (LogLines logged = new LogLines(DeadLetterLog.class.getName())) {
            for (int i = 0; i < 31; i++) {
                log.written(LETTER, null);
                clock.advance(Duration.ofSeconds(1));
            }

            assertThat(logged.lines()).hasSize(2);
            assertThat(logged.lines().get(0)).startsWith("WARN app app: a message goes to dead letters");
            assertThat(logged.lines().get(1)).startsWith("WARN app app: 30 messages went to dead letters");
        }
    }
}
