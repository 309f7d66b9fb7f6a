package io.mqttrelay.dispatch.sink.http;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Points in time as callbacks read them: ISO 8601, UTC, always with milliseconds. */
final class UtcTime {
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** Of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private UtcTime() {}

    static String text(Instant instant) {
        long seconds = instant.getEpochSecond();
        if (seconds < 0 || seconds > LAST_SECOND) {
            return FORMAT.format(instant);
        }
        // every request has one, and the formatter takes its time
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(24);
        append(text, time.getYear(), 1000).append('-');
        append(text, time.getMonthValue(), 10).append('-');
        append(text, time.getDayOfMonth(), 10).append('T');
        append(text, time.getHour(), 10).append(':');
        append(text, time.getMinute(), 10).append(':');
        append(text, time.getSecond(), 10).append('.');
        return append(text, instant.getNano() / 1_000_000, 100).append('Z').toString();
    }

    /** With zeros before it, as many digits as {@code unit} has. */
    private static StringBuilder append(StringBuilder text, int number, int unit) {
        for (int digit = unit; digit > 0; digit /= 10) {
            text.append((char) ('0' + number / digit % 10));
        }
        return text;
    }
}
