package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.function.Regex;
import io.mqttrelay.dispatch.expression.value.JsonNull;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the constants of an expression: numbers, true, false, null and regular expressions. Any thread. */
final class Constants {
    private static final Pattern NUMBER = Pattern.compile("(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+(?:[eE][-+]?+[0-9]++)?+");

    private Constants() {}

    /** The number as it is written: the library has rounded it. */
    static JsonNumber number(SyntaxTree tree, String source) {
        int end = Math.min(tree.position(), source.length());
        int begin = end;
        while (begin > 0 && "0123456789.eE+-".indexOf(source.charAt(begin - 1)) >= 0) {
            begin--;
        }
        Matcher matcher = NUMBER.matcher(source);
        for (; begin < end; begin++) {
            if (matcher.region(begin, end).matches()) {
                double rounded = tree.value() instanceof Number number ? number.doubleValue() : 0;
                JsonNumber number = JsonNumber.written((rounded < 0 ? "-" : "") + matcher.group());
                if (number.text().length() <= JsonNumber.MAX_LENGTH && Double.parseDouble(number.text()) == rounded) {
                    return number;
                }
            }
        }
        throw new InvalidExpressionException("a number cannot be read", tree.position());
    }

    /** True, false or null. */
    static Object fixed(SyntaxTree tree) {
        return tree.value() instanceof Boolean value ? value : JsonNull.NULL;
    }

    static Regex regex(SyntaxTree tree) {
        if (!(tree.value() instanceof Pattern read)) {
            throw new InvalidExpressionException("not a regular expression", tree.position());
        }
        boolean ignoresCase = (read.flags() & Pattern.CASE_INSENSITIVE) != 0;
        boolean lines = (read.flags() & Pattern.MULTILINE) != 0;
        try {
            return Regex.of(read.pattern(), ignoresCase, lines);
        } catch (IllegalArgumentException e) {
            throw new InvalidExpressionException("not a regular expression of RE2: " + e.getMessage(), tree.position());
        }
    }
}
