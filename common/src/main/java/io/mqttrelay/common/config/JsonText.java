package io.mqttrelay.common.config;

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
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Parses strict JSON text to a tree: no text after the value, no repeated key, limited nesting. The parser's error
 * messages quote the text, which may be a password. So each error is reported in the relay's own words.
 */
final class JsonText {
    private static final int MAX_NESTING = 32;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
            .build();

    private final Problems problems;

    private JsonText(Problems problems) {
        this.problems = problems;
    }

    /** The tree; null: {@code problems} has the reason. A repeated key is reported and its first value is used. */
    static @Nullable JsonNode parse(String text, Problems problems) {
        String json = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        if (json.isBlank()) {
            problems.add("is empty; the smallest configuration is in docs/examples/minimal.json");
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
            return new JsonText(problems).whole(parser);
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
}
