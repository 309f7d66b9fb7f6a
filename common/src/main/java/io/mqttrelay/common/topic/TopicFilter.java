package io.mqttrelay.common.topic;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An MQTT topic filter: levels between slashes, {@code +} for one level, {@code #} at the end for any number of them.
 * A filter that starts with a wildcard does not match topics that start with {@code $}.
 *
 * @see <a href="https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html">MQTT 5.0, section 4.7</a>
 */
public final class TopicFilter {
    private static final String SINGLE_LEVEL = "+";
    private static final String MULTI_LEVEL = "#";
    private static final int MAX_BYTES = 65_535;

    private final String text;
    private final String[] levels;

    private TopicFilter(String text) {
        this.text = text;
        this.levels = text.split("/", -1);
    }

    /**
     * Parses a filter.
     *
     * @throws IllegalArgumentException with the reason in its message
     */
    public static TopicFilter parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a topic filter must not be empty");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a topic filter must not contain U+0000");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("a topic filter must be valid Unicode");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("a topic filter has at most 65535 bytes");
        }
        TopicFilter filter = new TopicFilter(text);
        for (int i = 0; i < filter.levels.length; i++) {
            String level = filter.levels[i];
            if (level.contains(MULTI_LEVEL) && (level.length() > 1 || i < filter.levels.length - 1)) {
                throw new IllegalArgumentException("'#' must be the whole last level of a topic filter");
            }
            if (level.contains(SINGLE_LEVEL) && level.length() > 1) {
                throw new IllegalArgumentException("'+' must be a whole level of a topic filter");
            }
        }
        return filter;
    }

    /** Whether a message with this topic matches the filter. */
    public boolean matches(String topic) {
        if (startsWithWildcard() && topic.startsWith("$")) {
            return false;
        }
        int from = 0;
        for (int i = 0; i < levels.length; i++) {
            String level = levels[i];
            if (level.equals(MULTI_LEVEL)) {
                return true;
            }
            if (from > topic.length()) {
                return false;
            }
            int slash = topic.indexOf('/', from);
            int end = slash < 0 ? topic.length() : slash;
            boolean same = level.length() == end - from && topic.startsWith(level, from);
            if (!same && !level.equals(SINGLE_LEVEL)) {
                return false;
            }
            from = end + 1;
        }
        return from > topic.length();
    }

    /** Whether a topic exists that matches both filters. */
    public boolean overlaps(TopicFilter other) {
        if (hides(other) || other.hides(this)) {
            return false;
        }
        for (int i = 0; ; i++) {
            boolean ended = i == levels.length || i == other.levels.length;
            if (hasRestAt(i) || other.hasRestAt(i)) {
                return !(ended && i == 1 && (levels[0].isEmpty() || other.levels[0].isEmpty())); // no topic is empty
            }
            if (ended) {
                return levels.length == other.levels.length;
            }
            String a = levels[i];
            String b = other.levels[i];
            if (!a.equals(b) && !a.equals(SINGLE_LEVEL) && !b.equals(SINGLE_LEVEL)) {
                return false;
            }
        }
    }

    /** The levels between the slashes, at least one. */
    List<String> levels() {
        return List.of(levels);
    }

    private boolean hasRestAt(int level) {
        return level < levels.length && levels[level].equals(MULTI_LEVEL);
    }

    private boolean hides(TopicFilter other) {
        return startsWithWildcard() && other.text.startsWith("$");
    }

    private boolean startsWithWildcard() {
        return levels[0].equals(SINGLE_LEVEL) || levels[0].equals(MULTI_LEVEL);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof TopicFilter f && f.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The filter as written. */
    @Override
    public String toString() {
        return text;
    }
}
