package io.mqttrelay.dispatch.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Retry-After} is understood in all its forms, bounded, and otherwise ignored. */
class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 22 Nov 2026 10:00:30 GMT|30",
                "sun, 22 nov 2026 10:00:30 gmt|30",
                "Mon, 22 Nov 2026 10:00:30 GMT|30",
                "Sunday, 22-Nov-26 10:01:00 GMT|60",
                "Sun Nov 22 10:02:00 2026|120",
                "Tue Dec  1 10:02:00 2026|600",
                "Sun, 22 Nov 2026 09:59:59 GMT|0",
                "Sun, 06 Nov 1994 08:49:37 GMT|0",
                "Sunday, 06-Nov-94 08:49:37 GMT|0",
                "Sun Nov  6 08:49:37 1994|0",
                "Fri, 31 Dec 9999 23:59:59 GMT|600",
                "Wednesday, 22-Nov-76 10:00:00 GMT|600",
                "' 5 '|5"
            })
    void datesAndSecondsGiveAWaitFromNow(String header, long seconds) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 32 Nov 2026 10:00:30 GMT",
                "Sun, 22 Nov 2026 25:00:30 GMT",
                "Sun, 22 Nov 2026 10:00:30 CET",
                "2026-11-22T10:00:30Z",
                "Sun, 22 Nov 2026",
                "Mon, 30 Feb 2026 10:00:30 GMT",
                "Monday, 30-Feb-26 10:00:30 GMT",
                "Mon Feb 30 10:00:30 2026",
                "Sun, 22 Nov 2026 24:00:00 GMT",
                "",
                "-1",
                "+5",
                "1e9",
                "1,5",
                "10s",
                "5 5",
                "٣"
            })
    void anythingElseIsIgnored(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
    }

    @Property
    void noTextMakesItThrowOrLeaveItsBounds(@ForAll String header) {
        Duration wait = RetryAfter.parse(header, NOW);
        if (wait != null) {
            assertThat(wait).isBetween(Duration.ZERO, RetryAfter.MAX);
        }
    }

    @Property
    void aDateWithinBoundsIsExact(@ForAll @LongRange(min = 0, max = 600) long seconds) {
        String date = DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
                .withZone(ZoneOffset.UTC)
                .format(NOW.plusSeconds(seconds));
        assertThat(RetryAfter.parse(date, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
