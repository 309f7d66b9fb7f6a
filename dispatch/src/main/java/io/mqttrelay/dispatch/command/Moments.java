package io.mqttrelay.dispatch.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses {@code --from} and {@code --to}: a time as people write it. */
final class Moments {
    /** The accepted forms, for errors and help. */
    static final String FORMS = "2026-11-22T10:00:00Z, 2026-11-22T10:00 or 2026-11-22 (in this computer's time zone),"
            + " or 24h for that long ago (units: s, m, h, d)";

    private static final Map<Character, Duration> UNITS = Map.of(
            's', Duration.ofSeconds(1), 'm', Duration.ofMinutes(1), 'h', Duration.ofHours(1), 'd', Duration.ofDays(1));
    private static final int MAX_DIGITS = 9;
    private static final String AGO = " ago";

    private final Instant now;
    private final ZoneId zone;

    /** @param zone for texts without a zone */
    Moments(Instant now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /** Null: the text has none of the {@link #FORMS}, or epoch milliseconds cannot express the time. */
    @Nullable
    Instant read(String typed) {
        String text = typed.strip();
        Duration ago = duration(text.endsWith(AGO) ? text.substring(0, text.length() - AGO.length()) : text);
        try {
            Instant moment = ago != null ? now.minus(ago) : date(text);
            return Instant.ofEpochMilli(moment.toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private Instant date(String text) {
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text).atStartOfDay(zone).toInstant();
        }
        String time = text.substring(text.indexOf('T'));
        boolean hasOffset = time.endsWith("Z") || time.indexOf('+') >= 0 || time.indexOf('-') >= 0;
        return hasOffset
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(zone).toInstant();
    }

    private static @Nullable Duration duration(String text) {
        int digits = text.length() - 1;
        if (digits < 1 || digits > MAX_DIGITS || !text.chars().limit(digits).allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        Duration unit = UNITS.get(text.charAt(digits));
        return unit == null ? null : unit.multipliedBy(Long.parseLong(text.substring(0, digits)));
    }
}
