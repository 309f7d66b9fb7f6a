package io.mqttrelay.dispatch.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.LogLines;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One line when an address begins to fail, one when it works again, and few between. */
final class AddressLogTest {
    private final ManualClock clock = ManualClock.create();
    private final AddressLog log = new AddressLog("callback x", clock.nanoTime());

    @Test
    void aThousandFailuresAreOneLineAndTheEndIsAnother() {
        try (LogLines logged = new LogLines(AddressLog.class.getName())) {
            log.accepted();
            for (int i = 0; i < 1000; i++) {
                log.failed("refused");
                clock.advance(Duration.ofMillis(20));
            }
            log.accepted();
            log.accepted();

            assertThat(logged.lines())
                    .containsExactly(
                            "WARN callback x fails, will be tried again: refused (1 attempts failed so far)",
                            "INFO callback x takes messages again, after 20 s and 1000 failed attempts");
        }
    }

    @Test
    void aCallbackThatAsksToBeLeftAloneAllDayIsALineNowAndThen() {
        try (LogLines logged = new LogLines(AddressLog.class.getName())) {
            for (int i = 0; i < 40; i++) {
                log.waitBegan(Duration.ofSeconds(1));
                log.waitBegan(Duration.ofSeconds(1)); // another call that was out
                clock.advance(Duration.ofSeconds(1));
                log.waitEnded();
                log.waitEnded();
            }
            log.waitBegan(Duration.ofMillis(999));

            assertThat(logged.lines())
                    .containsExactly(
                            "WARN callback x asks to be left alone for 1.0 s (Retry-After)",
                            "INFO callback x may be called again, 1 s after it asked to be left alone",
                            "WARN callback x asks to be left alone for 1.0 s (Retry-After), and did 29 times since that"
                                    + " was last said",
                            "INFO callback x may be called again, 1 s after it asked to be left alone");
        }
    }

    @Test
    void oneFailureInTenIsALineNowAndThen() {
        try (LogLines logged = new LogLines(AddressLog.class.getName())) {
            for (int i = 0; i < 400; i++) {
                log.failed("refused");
                log.accepted();
                clock.advance(Duration.ofMillis(100));
            }

            assertThat(logged.lines()).hasSize(4);
        }
    }

    @Test
    void aLongFailureIsSaidAgainEveryHalfMinute() {
        try (LogLines logged = new LogLines(AddressLog.class.getName())) {
            for (int i = 0; i < 100; i++) {
                log.failed("refused");
                clock.advance(Duration.ofSeconds(1));
            }

            assertThat(logged.lines()).hasSize(4);
        }
    }
}
