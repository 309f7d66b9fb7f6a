package io.mqttrelay.dispatch.sink.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the {@code Retry-After} header (RFC 9110, section 10.2.3): seconds, or a date in one of the three forms of
 * 5.6.7.
 */
final class RetryAfter {
    static final Duration MAX = Duration.ofMinutes(10);

    private static final Pattern SECONDS = Pattern.compile("[0-9]+");
    /** The day of the week adds nothing to the date; senders often get it wrong. */
    private static final Pattern WEEKDAY = Pattern.compile("^[A-Za-z]{3,9},? +");

    private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=[0-9])");
    private static final int MAX_DIGITS = 9;
    private static final int CENTURY = 100;

    private static final DateTimeFormatter IMF_FIXDATE = format("dd MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = format("MMM ppd HH:mm:ss uuuu");

    private RetryAfter() {}

    private static DateTimeFormatter format(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.US)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /** RFC 850: the year has two digits and lies at most 50 years in the future. */
    private static DateTimeFormatter rfc850(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, today.getYear() + 50 - CENTURY + 1)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /**
     * Reads the header.
     *
     * @return between zero and {@link #MAX}; null: it cannot be understood
     */
    static @Nullable Duration parse(String header, Instant now) {
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            String digits = LEADING_ZEROS.matcher(value).replaceFirst("");
            return digits.length() > MAX_DIGITS ? MAX : clamp(Duration.ofSeconds(Long.parseLong(digits)));
        }
        String date = WEEKDAY.matcher(value).replaceFirst("");
        for (DateTimeFormatter form : List.of(IMF_FIXDATE, rfc850(now), ASCTIME)) {
            Instant until = instant(date, form);
            if (until != null) {
                return clamp(Duration.between(now, until));
            }
        }
        return null;
    }

    /** Null: not of this form. */
    private static @Nullable Instant instant(String date, DateTimeFormatter form) {
        try {
            return LocalDateTime.parse(date, form).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration clamp(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
