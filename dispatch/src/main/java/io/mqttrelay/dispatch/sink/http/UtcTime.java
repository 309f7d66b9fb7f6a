package io.mqttrelay.dispatch.sink.http;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Points in time as callbacks read them: ISO 8601, UTC, always with milliseconds. */
final class UtcTime {
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private UtcTime() {}

    static String text(Instant instant) {
        return FORMAT.format(instant);
    }
}
