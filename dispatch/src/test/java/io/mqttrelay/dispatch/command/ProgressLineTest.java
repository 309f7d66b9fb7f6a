package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The line that shows the progress of a long command. */
final class ProgressLineTest {
    private final StringWriter printed = new StringWriter();
    private long now;

    private ProgressLine line(int columns) {
        return new ProgressLine(new PrintWriter(printed), columns, () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** The line as a terminal shows it. */
    private String shown() {
        String all = printed.toString();
        return all.substring(all.lastIndexOf('\r') + 1).stripTrailing();
    }

    @Test
    void countIsShownAtOnceAndRateAfterASecond() {
        ProgressLine line = line(100);
        line.at("sending", 0, 1000);
        assertThat(shown()).isEqualTo("sending [                              ] 0% 0/1000");
        pass(Duration.ofSeconds(2));
        line.at("sending", 500, 1000);
        assertThat(shown()).isEqualTo("sending [###############               ] 50% 500/1000, 250/s, 2s left");
    }

    @ParameterizedTest
    @CsvSource({
        "10, 100, '10% 10/100, 1/s, 1m30s left'",
        "1, 100, '1% 1/100, <1/s, 16m30s left'",
        "1, 2000, '0% 1/2000, <1/s, 5h33m left'",
        "10, 10, '100% 10/10, 1/s, 0s left'",
    })
    void timeLeftIsShownInItsUnits(long done, long total, String text) {
        ProgressLine line = line(100);
        line.at("sending", 0, total);
        pass(Duration.ofSeconds(10));
        line.at("sending", done, total);
        assertThat(shown()).endsWith("] " + text);
    }

    @Test
    void eachActivityHasItsOwnRate() {
        ProgressLine line = line(100);
        line.at("reading", 0, 10);
        pass(Duration.ofMinutes(1));
        line.at("sending", 0, 40);
        pass(Duration.ofSeconds(1));
        line.at("sending", 20, 40);
        assertThat(shown()).endsWith("50% 20/40, 20/s, 1s left");
    }

    @ParameterizedTest
    @CsvSource({"200", "60", "50", "40", "30", "20", "2"})
    void theLineFitsTheTerminal(int columns) {
        ProgressLine line = line(columns);
        line.at("sending", 0, 1_000_000);
        pass(Duration.ofSeconds(1));
        line.at("sending", 400_000, 1_000_000);
        assertThat(shown()).hasSizeLessThan(columns);
    }

    @Test
    void theBarGivesWayToTheNumbers() {
        ProgressLine line = line(58);
        line.at("sending", 0, 1_000_000);
        pass(Duration.ofSeconds(1));
        line.at("sending", 400_000, 1_000_000);
        assertThat(shown()).isEqualTo("sending 40% 400000/1000000, 400000/s, 2s left");
    }

    @Test
    void isSilentWithoutATerminal() {
        ProgressLine line = line(0);
        line.at("sending", 0, 10);
        line.end();
        assertThat(printed.toString()).isEmpty();
    }

    @Test
    void leavesNothingBehind() {
        ProgressLine line = line(80);
        line.at("sending", 1, 10);
        line.end();
        assertThat(shown()).isEmpty();
    }
}
