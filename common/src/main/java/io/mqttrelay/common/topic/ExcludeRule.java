package io.mqttrelay.common.topic;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code excludeTopics}: an MQTT filter; or, with a final {@code /}, everything below that level; or,
 * with the prefix {@code regex:}, an RE2 expression searched in the topic.
 */
public final class ExcludeRule {
    private static final String REGEX = "regex:";

    /** Limits of expressions. RE2 recurses for every bracket when it compiles, and for every step when it searches. */
    private static final int LONGEST = 1000;

    private static final int LARGEST_PROGRAM = 1000;

    private final String text;
    private final @Nullable TopicFilter within;
    private final Predicate<String> excluded;

    /** @param within a filter that overlaps with every topic that the rule can match; null: not known */
    private ExcludeRule(String text, @Nullable TopicFilter within, Predicate<String> excluded) {
        this.text = text;
        this.within = within;
        this.excluded = excluded;
    }

    /**
     * Parses an entry.
     *
     * @throws IllegalArgumentException with the reason in its message
     */
    public static ExcludeRule parse(String text) {
        if (text.startsWith(REGEX)) {
            Pattern pattern = expression(text.substring(REGEX.length()));
            return new ExcludeRule(text, null, topic -> pattern.matcher(topic).find());
        }
        if (text.endsWith("/")) {
            TopicFilter level = TopicFilter.parse(text.substring(0, text.length() - 1) + "/#");
            TopicFilter itself = text.length() == 1 ? null : TopicFilter.parse(text.substring(0, text.length() - 1));
            return new ExcludeRule(
                    text, level, topic -> level.matches(topic) && (itself == null || !itself.matches(topic)));
        }
        TopicFilter filter = TopicFilter.parse(text);
        return new ExcludeRule(text, filter, filter::matches);
    }

    private static Pattern expression(String regex) {
        if (regex.isEmpty()) {
            throw new IllegalArgumentException("regex: needs an expression; an empty one would exclude every topic");
        }
        if (regex.length() > LONGEST) {
            throw new IllegalArgumentException("an expression has at most " + LONGEST + " characters");
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            if (pattern.programSize() > LARGEST_PROGRAM) {
                throw new IllegalArgumentException("its repetitions written out, the expression is too large");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "not an RE2 expression (RE2 has no back-references and no look-around): " + e.getMessage(), e);
        }
    }

    /** Whether messages of this topic are excluded from delivery. */
    public boolean matches(String topic) {
        return excluded.test(topic);
    }

    /** False only if no topic of a subscription to one of {@code filters} can match. */
    public boolean mayExclude(FilterIndex filters) {
        return within == null || !filters.overlapping(within, 1).isEmpty();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ExcludeRule r && r.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The entry as written in the file. */
    @Override
    public String toString() {
        return text;
    }
}
