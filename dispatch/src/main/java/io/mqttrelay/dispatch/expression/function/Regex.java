package io.mqttrelay.dispatch.expression.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A regular expression as a value; its time is linear in the text. Called with a text, it gives the first match. */
public record Regex(Pattern pattern) implements Applicable {
    /**
     * Compiles a regular expression of RE2.
     *
     * @param lines whether {@code ^} and {@code $} match at each line
     * @throws IllegalArgumentException if it is not valid
     */
    public static Regex of(String pattern, boolean ignoresCase, boolean lines) {
        try {
            return new Regex(Pattern.compile(
                    pattern, (ignoresCase ? Pattern.CASE_INSENSITIVE : 0) | (lines ? Pattern.MULTILINE : 0)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        }
    }

    Matcher matcher(String text, Evaluator run) {
        run.make(text.length());
        return pattern.matcher(new TimedText(text, run));
    }

    @Override
    public @Nullable Object apply(List<@Nullable Object> arguments, @Nullable Object input, Evaluator run) {
        if (arguments.isEmpty() || !(arguments.get(0) instanceof String text)) {
            return null;
        }
        return next(matcher(text, run), text, run);
    }

    private static @Nullable Map<String, Object> next(Matcher matcher, String text, Evaluator run) {
        if (!matcher.find()) {
            return null;
        }
        Map<String, Object> match = new LinkedHashMap<>();
        match.put("match", text.substring(matcher.start(), matcher.end()));
        match.put("start", JsonNumber.of(matcher.start()));
        match.put("end", JsonNumber.of(matcher.end()));
        match.put("groups", groups(matcher, text, run));
        match.put("next", new Builtin("next", 0, 0, false, (arguments, at) -> next(matcher, text, at)));
        return match;
    }

    /** The texts of all groups; empty where a group has none. */
    static Items groups(Matcher matcher, String text, Evaluator run) {
        Items groups = Items.array();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            run.make(Evaluator.ELEMENT);
            groups.add(matcher.start(i) < 0 ? "" : text.substring(matcher.start(i), matcher.end(i)));
        }
        return groups;
    }

    @Override
    public int arity() {
        return 1;
    }
}
