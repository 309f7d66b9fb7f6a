package io.mqttrelay.dispatch.format;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Formats times for callbacks: ISO 8601, UTC, always with milliseconds. */
public final class UtcTime {
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private static final byte[] SHAPE = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.ISO_8859_1);

    /** The last second of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private UtcTime() {}

    /** The text of a time. */
    public static String text(Instant instant) {
        long seconds = instant.getEpochSecond();
        if (seconds < 0 || seconds > LAST_SECOND) {
            return FORMAT.format(instant);
        }
        // every request has one, and the formatter is slow
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        byte[] text = SHAPE.clone();
        write(time.getYear(), text, 0, 4);
        write(time.getMonthValue(), text, 5, 2);
        write(time.getDayOfMonth(), text, 8, 2);
        write(time.getHour(), text, 11, 2);
        write(time.getMinute(), text, 14, 2);
        write(time.getSecond(), text, 17, 2);
        write(instant.getNano() / 1_000_000, text, 20, 3);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void write(int number, byte[] text, int at, int digits) {
        int rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
