package io.mqttrelay.dispatch.expression.function;

import com.google.re2j.Matcher;
import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions that search texts for a text or a regular expression. */
final class PatternFunctions {
    private PatternFunctions() {}

    static void addTo(Functions functions) {
        functions
                .ofContext("contains", 2, 2, (args, run) -> {
                    String text = args.text(0);
                    if (text == null) {
                        return null;
                    }
                    return args.at(1) instanceof Regex regex
                            ? regex.matcher(text, run).find()
                            : text.contains(args.needText(1));
                })
                .ofContext("match", 2, 3, PatternFunctions::match)
                .ofContext("split", 2, 3, PatternFunctions::split)
                .ofContext("replace", 3, 4, PatternFunctions::replace);
    }

    private static Regex regex(CallArguments args) {
        if (args.at(1) instanceof Regex regex) {
            return regex;
        }
        throw EvaluationError.of(args.where(1) + " must be a regular expression");
    }

    private static int limit(CallArguments args, int index) {
        int limit = args.integer(index, Integer.MAX_VALUE);
        if (limit < 0) {
            throw EvaluationError.of(args.where(index) + " must not be negative");
        }
        return limit;
    }

    private static void advances(Matcher matcher) {
        if (matcher.end() == matcher.start()) {
            throw EvaluationError.of("the regular expression matches an empty text");
        }
    }

    private static @Nullable Object match(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        int limit = limit(args, 2);
        Items matches = Items.sequence();
        Matcher matcher = regex(args).matcher(text, run);
        while (matches.size() < limit && matcher.find()) {
            advances(matcher);
            run.step();
            matches.add(found(matcher, text, run));
        }
        return matches;
    }

    private static Map<String, Object> found(Matcher matcher, String text, Evaluator run) {
        Map<String, Object> match = new LinkedHashMap<>();
        match.put("match", text.substring(matcher.start(), matcher.end()));
        match.put("index", JsonNumber.of(matcher.start()));
        match.put("groups", Regex.groups(matcher, text, run));
        return match;
    }

    private static @Nullable Object split(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        int limit = limit(args, 2);
        Items parts = Items.array();
        int from = 0;
        if (args.at(1) instanceof Regex regex) {
            Matcher matcher = regex.matcher(text, run);
            while (parts.size() < limit && matcher.find()) {
                advances(matcher);
                add(parts, text.substring(from, matcher.start()), run);
                from = matcher.end();
            }
        } else {
            String separator = args.needText(1);
            if (separator.isEmpty()) {
                return characters(text, limit, run);
            }
            for (int at = text.indexOf(separator);
                    parts.size() < limit && at >= 0;
                    at = text.indexOf(separator, from)) {
                add(parts, text.substring(from, at), run);
                from = at + separator.length();
            }
        }
        if (parts.size() < limit) {
            add(parts, text.substring(from), run);
        }
        return parts;
    }

    private static Items characters(String text, int limit, Evaluator run) {
        Items parts = Items.array();
        for (int i = 0; i < text.length() && parts.size() < limit; ) {
            int next = text.offsetByCodePoints(i, 1);
            add(parts, text.substring(i, next), run);
            i = next;
        }
        return parts;
    }

    private static void add(Items parts, String part, Evaluator run) {
        run.make(Evaluator.ELEMENT + (long) part.length());
        parts.add(part);
    }

    private static @Nullable Object replace(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        int limit = limit(args, 3);
        return args.at(1) instanceof Regex regex
                ? replaceMatches(regex, text, args, limit, run)
                : replaceText(text, args, limit, run);
    }

    private static String replaceText(String text, CallArguments args, int limit, Evaluator run) {
        String old = args.needText(1);
        String with = args.needText(2);
        if (old.isEmpty()) {
            throw EvaluationError.of(args.where(1) + " must not be empty");
        }
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        int count = 0;
        for (int at = text.indexOf(old); at >= 0 && count < limit; at = text.indexOf(old, from)) {
            append(replaced, text.substring(from, at), run);
            append(replaced, with, run);
            from = at + old.length();
            count++;
        }
        append(replaced, text.substring(from), run);
        return replaced.toString();
    }

    private static String replaceMatches(Regex regex, String text, CallArguments args, int limit, Evaluator run) {
        StringBuilder replaced = new StringBuilder();
        Matcher matcher = regex.matcher(text, run);
        int from = 0;
        for (int count = 0; count < limit && matcher.find(); count++) {
            advances(matcher);
            append(replaced, text.substring(from, matcher.start()), run);
            append(replaced, replacement(matcher, text, args, run), run);
            from = matcher.end();
        }
        append(replaced, text.substring(from), run);
        return replaced.toString();
    }

    private static String replacement(Matcher matcher, String text, CallArguments args, Evaluator run) {
        if (!(args.at(2) instanceof Applicable function)) {
            return filled(args.needText(2), matcher, text);
        }
        Object result = FunctionCalls.nested(function, List.of(found(matcher, text, run)), null, run);
        if (result instanceof String with) {
            return with;
        }
        throw EvaluationError.of("the function in " + args.where(2) + " must give a string");
    }

    /** Puts groups in the place of {@code $1} and so on; {@code $$} is a dollar sign, {@code $0} the match. */
    private static String filled(String with, Matcher matcher, String text) {
        if (with.indexOf('$') < 0) {
            return with;
        }
        StringBuilder filled = new StringBuilder();
        for (int i = 0; i < with.length(); i++) {
            char c = with.charAt(i);
            char next = i + 1 < with.length() ? with.charAt(i + 1) : ' ';
            if (c == '$' && next == '$') {
                filled.append('$');
                i++;
            } else if (c == '$' && next >= '0' && next <= '9') {
                int group = next - '0';
                int begin = group <= matcher.groupCount() ? matcher.start(group) : -1;
                filled.append(begin < 0 ? "" : text.substring(begin, matcher.end(group)));
                i++;
            } else {
                filled.append(c);
            }
        }
        return filled.toString();
    }

    private static void append(StringBuilder text, String part, Evaluator run) {
        run.make(part.length());
        text.append(part);
        if (text.length() > Evaluator.MAX_RESULT) {
            throw EvaluationError.of("a text is longer than 1 MB");
        }
    }
}
