package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A number of bytes such as {@code 64KB} or {@code 16MB}, in units of 1024, between two bounds, both included. */
public record SizeType(long min, long max) implements Type<Long> {
    private static final String FORM = "[0-9]{1,9}([KMG]?B|[kmg]?b)";
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([KMG]?B|[kmg]?b)");

    /** Largest unit first, so that a size is written in the largest unit that divides it. */
    private static final Map<String, Long> UNITS = units();

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("GB", 1L << 30);
        units.put("MB", 1L << 20);
        units.put("KB", 1L << 10);
        units.put("B", 1L);
        return units;
    }

    /**
     * The sizes between two bounds.
     *
     * @param min as written in the file
     * @param max as written in the file
     */
    public static SizeType between(String min, String max) {
        return new SizeType(parse(min), parse(max));
    }

    /**
     * Parses a size.
     *
     * @throws IllegalArgumentException if it is not the text of a size
     */
    static long parse(String text) {
        Matcher matcher = SIZE.matcher(text);
        Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toUpperCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("not a size");
        }
        return Long.parseLong(matcher.group(1)) * unit;
    }

    /** The shortest text that {@link #parse} reads as this number of bytes. */
    public static String text(long bytes) {
        for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
            if (bytes != 0 && bytes % unit.getValue() == 0) {
                return bytes / unit.getValue() + unit.getKey();
            }
        }
        return "0B";
    }

    @Override
    public @Nullable Long read(Value value) {
        if (!value.json().isTextual()) {
            value.expected("a size such as \"16MB\" (units: B, KB, MB, GB)");
            return null;
        }
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            return bounded(parse(text), value);
        } catch (IllegalArgumentException e) {
            value.expected("a size such as \"16MB\" (units: B, KB, MB, GB)");
            return null;
        }
    }

    private @Nullable Long bounded(long bytes, Value value) {
        if (bytes < min || bytes > max) {
            value.expected(describe());
            return null;
        }
        return bytes;
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
