package io.mqttrelay.dispatch.expression.function;

import com.dashjoin.jsonata.utils.DateTimeUtils;
import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Functions of the times that a message has; none tells the time of day. */
final class TimeFunctions {
    private static final DateTimeFormatter UTC =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** The range of times of JavaScript. */
    private static final BigDecimal MAX_MILLIS = BigDecimal.valueOf(8_640_000_000_000_000L);

    /** The library searches by backtracking: these bound its work. */
    private static final int MAX_COMPONENTS = 8;

    private static final int MAX_TIME = 40;

    private TimeFunctions() {}

    static void addTo(Functions functions) {
        functions
                .ofContext("fromMillis", 1, 3, TimeFunctions::fromMillis)
                .ofContext("toMillis", 1, 2, TimeFunctions::toMillis);
    }

    private static @Nullable Object fromMillis(CallArguments args, Evaluator run) {
        JsonNumber number = args.number(0);
        if (number == null) {
            return null;
        }
        if (number.shown().abs().compareTo(MAX_MILLIS) > 0) {
            throw EvaluationError.of(args.where(0) + " is out of range");
        }
        long millis = number.shown().longValue();
        String zone = args.text(2);
        if (args.at(1) == null && zone == null) {
            return UTC.format(Instant.ofEpochMilli(millis));
        }
        String picture = args.at(1) == null
                ? "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"
                : Pictures.checked(args, 1);
        if (zone != null && !zone.matches("[+-]?[0-9]{4}")) {
            throw EvaluationError.of(args.where(2) + " must be an offset such as +0100");
        }
        return Pictures.written(() -> DateTimeUtils.formatDateTime(millis, picture, zone), args, run);
    }

    private static @Nullable Object toMillis(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        if (text.length() > MAX_TIME) {
            throw EvaluationError.of(args.where(0) + " is too long for a time");
        }
        return args.at(1) == null ? iso(text, args) : byPicture(text, Pictures.checked(args, 1), args);
    }

    private static Object iso(String text, CallArguments args) {
        try {
            Instant instant = text.length() <= 10
                    ? OffsetDateTime.parse(text + "T00:00:00Z").toInstant()
                    : text.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})")
                            ? OffsetDateTime.parse(text).toInstant()
                            : java.time.LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            return JsonNumber.of(instant.toEpochMilli());
        } catch (DateTimeParseException | ArithmeticException e) {
            throw EvaluationError.of(args.where(0) + " is no ISO 8601 time");
        }
    }

    private static @Nullable Object byPicture(String text, String picture, CallArguments args) {
        if (picture.chars().filter(c -> c == '[').count() > MAX_COMPONENTS) {
            throw EvaluationError.of(args.where(1) + " has more than " + MAX_COMPONENTS + " components");
        }
        try {
            Long millis = DateTimeUtils.parseDateTime(text, picture);
            return millis == null ? null : JsonNumber.of(millis);
        } catch (RuntimeException e) {
            throw EvaluationError.of("$toMillis does not understand its picture");
        }
    }
}
