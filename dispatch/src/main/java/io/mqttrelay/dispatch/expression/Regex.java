package io.mqttrelay.dispatch.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A regular expression as a value; its time is linear in the text. Called with a text, it gives the first match. */
record Regex(Pattern pattern) implements Applicable {
    Matcher matcher(String text, Run run) {
        run.make(text.length());
        return pattern.matcher(new TimedText(text, run));
    }

    @Override
    public @Nullable Object apply(List<@Nullable Object> arguments, @Nullable Object input, Run run) {
        if (arguments.isEmpty() || !(arguments.get(0) instanceof String text)) {
            return null;
        }
        return next(matcher(text, run), text, run);
    }

    private static @Nullable Map<String, Object> next(Matcher matcher, String text, Run run) {
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
    static Items groups(Matcher matcher, String text, Run run) {
        Items groups = Items.array();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            run.make(Run.ELEMENT);
            groups.add(matcher.start(i) < 0 ? "" : text.substring(matcher.start(i), matcher.end(i)));
        }
        return groups;
    }

    @Override
    public int arity() {
        return 1;
    }
}
