package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A duration such as {@code 250ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 7d}, between two bounds, both included. */
public record DurationType(Duration min, Duration max) implements Type<Duration> {
    private static final String FORM = "[0-9]{1,12}(ms|s|m|h|d)";
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

    /** Largest unit first, so that a duration is written in the largest unit that divides it. */
    private static final Map<String, ChronoUnit> UNITS = units();

    private static Map<String, ChronoUnit> units() {
        Map<String, ChronoUnit> units = new LinkedHashMap<>();
        units.put("d", ChronoUnit.DAYS);
        units.put("h", ChronoUnit.HOURS);
        units.put("m", ChronoUnit.MINUTES);
        units.put("s", ChronoUnit.SECONDS);
        units.put("ms", ChronoUnit.MILLIS);
        return units;
    }

    /**
     * The durations between two bounds.
     *
     * @param min as written in the file
     * @param max as written in the file
     */
    public static DurationType between(String min, String max) {
        return new DurationType(parse(min), parse(max));
    }

    /**
     * Parses a duration.
     *
     * @throws IllegalArgumentException if it is not the text of a duration
     */
    static Duration parse(String text) {
        Matcher matcher = DURATION.matcher(text);
        ChronoUnit unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("not a duration");
        }
        return Duration.of(Long.parseLong(matcher.group(1)), unit);
    }

    /**
     * The shortest text that {@link #parse} reads as this duration. The duration must be a whole number of
     * milliseconds.
     */
    public static String text(Duration duration) {
        for (Map.Entry<String, ChronoUnit> unit : UNITS.entrySet()) {
            long length = unit.getValue().getDuration().toMillis();
            if (!duration.isZero() && duration.toMillis() % length == 0) {
                return duration.toMillis() / length + unit.getKey();
            }
        }
        return "0s";
    }

    @Override
    public @Nullable Duration read(Value value) {
        if (!value.json().isTextual()) {
            value.expected("a duration such as \"10s\" (units: ms, s, m, h, d)");
            return null;
        }
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            return bounded(parse(text), value);
        } catch (IllegalArgumentException e) {
            value.expected("a duration such as \"10s\" (units: ms, s, m, h, d)");
            return null;
        }
    }

    private @Nullable Duration bounded(Duration duration, Value value) {
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            value.expected(describe());
            return null;
        }
        return duration;
    }

    @Override
    public String describe() {
        return text(min) + ".." + text(max);
    }

    @Override
    public ObjectNode schema() {
        return Type.orReference(Type.schemaOf("string").put("pattern", "^" + FORM + "$"));
    }

    @Override
    public boolean takesNull() {
        return false;
    }
}
