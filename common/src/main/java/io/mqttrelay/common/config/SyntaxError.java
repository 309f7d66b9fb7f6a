package io.mqttrelay.common.config;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;

/** Translates an error of the JSON parser for the operator, without the text around it. */
final class SyntaxError {
    private static final Pattern UNEXPECTED = Pattern.compile("Unexpected character \\('(.)' \\(code (\\d+)");
    private static final int FIRST_PRINTABLE = 0x21;
    private static final int LAST_PRINTABLE = 0x7E;

    private record Rule(String found, String words) {}

    /** The first rule whose text is in the parser's message applies. */
    private static final List<Rule> RULES = List.of(
            new Rule("nesting depth", "nested too deeply"),
            new Rule("Number value length", "a number with too many digits"),
            new Rule("name length", "a key that is too long"),
            new Rule("Unexpected end-of-input", "the file ends too early: a }, a ] or a \" is missing"),
            new Rule("Unexpected end-of-String", "the file ends inside a string"),
            new Rule(
                    "was expecting double-quote",
                    "a key in double quotes is expected here (is there a comma too many?)"),
            new Rule("comment", "comments are not allowed in JSON"),
            new Rule("colon to separate", "a : is expected between key and value"),
            new Rule("comma to separate", "a comma or the end of the list or object is expected here"),
            new Rule(
                    "Unrecognized token",
                    "text must stand in double quotes (only numbers, true, false and null do not)"),
            new Rule("CTRL-CHAR", "a line break or control character must be written as \\n, \\t or \\u00XX"),
            new Rule(
                    "escape",
                    "a \\ must be followed by one of \" \\ / b f n r t u; write \\\\ for the character itself"),
            new Rule("Leading zeroes", "a number must not start with 0"),
            new Rule("Unexpected close marker", "a ] or } that does not fit what is open"),
            new Rule("numeric value", "not a number"));

    private SyntaxError() {}

    /** @param parserMessage may quote the file, so only one unexpected character of it is shown */
    static String inWords(String parserMessage) {
        String words = RULES.stream()
                .filter(rule -> parserMessage.contains(rule.found))
                .map(Rule::words)
                .findFirst()
                .orElse("a value is expected here (is there a comma too many, or a value missing?)");
        return "not valid JSON: " + character(parserMessage) + words;
    }

    private static String character(String parserMessage) {
        Matcher unexpected = UNEXPECTED.matcher(parserMessage);
        if (!unexpected.find()) {
            return "";
        }
        int code = Integer.parseInt(unexpected.group(2));
        return code >= FIRST_PRINTABLE && code <= LAST_PRINTABLE ? "unexpected " + (char) code + "; " : "";
    }
}
