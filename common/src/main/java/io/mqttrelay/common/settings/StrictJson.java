package io.mqttrelay.common.settings;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses strict JSON text to a tree: no text after the value, no repeated key, limited nesting. The parser's error
 * messages quote the text, which may be a password. So each error is reported in the relay's own words.
 */
final class StrictJson {
    private static final int MAX_NESTING = 32;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
            .build();

    private final Problems problems;

    private StrictJson(Problems problems) {
        this.problems = problems;
    }

    /**
     * The tree; null: {@code problems} has the reason. A repeated key is reported and its first value is used.
     *
     * @param ifEmpty the remedy if the text has no value
     */
    static @Nullable JsonNode parse(String text, String ifEmpty, Problems problems) {
        String json = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        if (json.isBlank()) {
            problems.add("is empty; " + ifEmpty);
            return null;
        }
        try (JsonParser parser = FACTORY.createParser(json)) {
            return tree(parser, problems);
        } catch (IOException e) {
            throw new IllegalStateException("text in memory cannot fail to be read", e);
        }
    }

    private static @Nullable JsonNode tree(JsonParser parser, Problems problems) throws IOException {
        try {
            return new StrictJson(problems).whole(parser);
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            problems.add(position(where) + SyntaxError.inWords(e.getOriginalMessage()));
            return null;
        }
    }

    private @Nullable JsonNode whole(JsonParser parser) throws IOException {
        parser.nextToken();
        JsonNode tree = value(parser, JsonPath.ROOT);
        if (parser.nextToken() != null) {
            problems.add(position(parser.currentTokenLocation()) + "not valid JSON: text after the end of the value");
            return null;
        }
        return tree;
    }

    private JsonNode value(JsonParser parser, JsonPath path) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path);
            case START_ARRAY -> array(parser, path);
            case VALUE_STRING -> nodes.textNode(parser.getText());
            case VALUE_NUMBER_INT -> nodes.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            default -> nodes.nullNode();
        };
    }

    private ObjectNode object(JsonParser parser, JsonPath path) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            JsonNode value = value(parser, path.key(key));
            if (object.has(key)) {
                problems.add(path.key(key), "is there twice");
            } else {
                object.set(key, value);
            }
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, JsonPath path) throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, path.index(array.size())));
        }
        return array;
    }

    private static String position(JsonLocation location) {
        return "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
    }

    /** Translates an error of the JSON parser for the operator, without the text around it. */
    private static final class SyntaxError {
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
}
