package io.mqttrelay.dispatch.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.record.RelayMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs the cases of {@code docs/templates.md}. */
class TemplatesPageTest {
    private static final Path PAGE = Path.of("../docs/templates.md");
    private static final Pattern CASE = Pattern.compile("### (.*)\n");
    private static final Pattern BLOCK = Pattern.compile("```json (message|keys|parts)\n(.*?)```", Pattern.DOTALL);
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

    private static String cookbook() throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf("## Cookbook"));
    }

    @TestFactory
    Stream<DynamicTest> everyCaseGivesItsParts() throws IOException {
        String[] cases = cookbook().split("(?=\n### )");
        return Stream.of(cases).skip(1).map(each -> {
            Matcher title = CASE.matcher(each);
            assertThat(title.find()).isTrue();
            return DynamicTest.dynamicTest(title.group(1), () -> run(each));
        });
    }

    @Test
    void hasTenCases() throws IOException {
        assertThat(cookbook().split("\n### ")).hasSize(11);
    }

    private static void run(String text) throws IOException {
        Map<String, JsonNode> blocks = new LinkedHashMap<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.put(matcher.group(1), JSON.readTree(matcher.group(2)));
        }
        RelayMessage message = message(blocks.get("message"));
        JsonNode keys = blocks.get("keys");
        Condition condition = Condition.of(text(keys, "when"), "App");
        assertThat(condition.decide(message)).isInstanceOf(Condition.Decision.Deliver.class);
        Template template = template(keys.get("template"));
        assertThat(TemplateCheck.fixedParts(template)).isNull();
        MessageShape shape = MessageShape.of(template, "App");
        Shaped shaped = shape.shape(message);
        assertThat(shaped).as(shaped.toString()).isInstanceOf(Shaped.Parts.class);
        assertParts((Shaped.Parts) shaped, shape, blocks.get("parts"));
    }

    private static void assertParts(Shaped.Parts parts, MessageShape shape, JsonNode expected) throws IOException {
        String body = new String(parts.content().bytes(), StandardCharsets.UTF_8);
        JsonNode wanted = expected.get("body");
        if (wanted.isTextual()) {
            assertThat(body).isEqualTo(wanted.textValue());
        } else {
            assertThat(JSON.readTree(body).toString()).isEqualTo(wanted.toString());
        }
        assertThat(shape.method()).isEqualTo(text(expected, "method"));
        if (expected.has("content_type")) {
            assertThat(parts.content().type()).isEqualTo(text(expected, "content_type"));
        }
        assertThat(JSON.valueToTree(parts.path()).toString())
                .isEqualTo(String.valueOf(expected.path("path").isMissingNode() ? "null" : expected.get("path")));
        assertThat(parts.query()).isEqualTo(map(expected, "query"));
        assertThat(parts.headers()).isEqualTo(map(expected, "headers"));
        assertThat(parts.key()).isEqualTo(text(expected, "key"));
        JsonNode params = expected.has("params") ? expected.get("params") : JSON.createObjectNode();
        assertThat(JSON.valueToTree(parts.params()).toString()).isEqualTo(params.toString());
    }

    private static RelayMessage message(JsonNode node) {
        return new RelayMessage(
                "0199-id",
                "app",
                "route",
                1_790_000_000_123L,
                node.get("topic").textValue(),
                node.path("qos").asInt(1),
                false,
                null,
                null,
                null,
                null,
                List.of(),
                node.get("payload").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Template template(JsonNode node) {
        return new Template(
                text(node, "body"),
                text(node, "content_type"),
                text(node, "method"),
                text(node, "path"),
                map(node, "query"),
                map(node, "headers"),
                text(node, "key"),
                text(node, "topic"),
                text(node, "retain"),
                map(node, "params"));
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.has(name) ? node.get(name).textValue() : null;
    }

    private static Map<String, String> map(JsonNode node, String name) {
        Map<String, String> map = new LinkedHashMap<>();
        if (node.has(name)) {
            node.get(name)
                    .properties()
                    .forEach(each -> map.put(each.getKey(), each.getValue().textValue()));
        }
        return map;
    }
}
