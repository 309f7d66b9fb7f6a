package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.cli.Summaries;
import io.mqttrelay.common.settings.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Good files with random changes: the result is always a configuration, or problems with their paths. */
class ConfigFuzzTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<Path> GOOD = List.of(
            Path.of("../docs/examples/production.json"),
            Path.of("../docs/examples/replicas.json"),
            Path.of("../docs/examples/original.json"));
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "0",
            "-1",
            "1e999",
            "99999999999999999999d",
            "9223372036854775807ms",
            "8589934592GB",
            "\u0000",
            "\ud800",
            "\u202e",
            "${",
            "${}",
            "${env:",
            "${env:X}",
            "${env:X:-${env:Y}}",
            "${file:/}",
            "${file:../../../etc/passwd}",
            "${file:/dev/zero}",
            "${file:\u0000}",
            "$${",
            "http://",
            "http://[",
            "http://[::1",
            "http://a@b@c:1/",
            "http://h:1:2/",
            "http://%zz/",
            "https://xn--a/",
            "http://169.254.169.254/",
            "#/a",
            "+/+/#",
            "$share/g/t",
            "regex:(",
            "regex:(a{1000}){1000}",
            "regex:" + "(".repeat(2000),
            "/".repeat(70_000),
            "whsec_",
            "whsec_====",
            "::/0",
            "1.2.3.4/33");

    private static Path file = Path.of("");

    @BeforeContainer
    static void makeFile() throws IOException {
        file = Files.createTempFile("relay-fuzz", ".json");
    }

    @AfterContainer
    static void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Property
    void aChangedFileIsReadOrRefusedInLines(@ForAll Random random) throws IOException {
        JsonNode tree = JSON.readTree(Files.readString(GOOD.get(random.nextInt(GOOD.size()))));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            change(tree, random);
        }
        String text = text(tree);
        Files.writeString(file, text);
        List<String> problems = Configs.read(file, Map.of("X", "\u001b", "Y", "y"))
                .match(new ConfigResult.Cases<>() {
                    @Override
                    public List<String> valid(ConfigResult.Valid valid) {
                        assertThat(Summaries.of(valid.config())).isNotEmpty();
                        return valid.warnings();
                    }

                    @Override
                    public List<String> invalid(ConfigResult.Invalid invalid) {
                        assertThat(invalid.problems()).isNotEmpty();
                        return invalid.problems();
                    }
                });
        assertThat(problems).as(text).allSatisfy(line -> {
            assertThat(line).startsWith(file + ": ").hasSizeLessThan(2000);
            assertThat(line.substring(file.toString().length() + 2)).matches("(\\$|line \\d+).*");
            assertThat(line.codePoints()).noneMatch(Character::isISOControl);
        });
    }

    private static String text(JsonNode tree) {
        try {
            return JSON.writeValueAsString(tree).replace("\ud800", "?");
        } catch (JsonProcessingException e) {
            return "{"; // the tree cannot be written as JSON
        }
    }

    /** Changes a random value. */
    private static void change(JsonNode root, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        if (container instanceof ObjectNode object) {
            change(object, random);
        } else if (container instanceof ArrayNode array) {
            if (array.isEmpty() || random.nextInt(4) == 0) {
                array.add(value(array, random));
            } else {
                array.set(random.nextInt(array.size()), value(array, random));
            }
        }
    }

    private static void change(ObjectNode object, Random random) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        List<? extends Key<?>> known = ReferencePage.sections().stream()
                .flatMap(section -> section.keys().stream())
                .toList();
        String added = known.get(random.nextInt(known.size())).name();
        String key = keys.isEmpty() || random.nextInt(3) == 0 ? added : keys.get(random.nextInt(keys.size()));
        switch (random.nextInt(4)) {
            case 0 -> object.remove(key);
            case 1 -> object.set(key + "x", value(object, random));
            default -> object.set(key, value(object, random));
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static JsonNode value(JsonNode near, Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextInt());
            case 3 -> NODES.numberNode(random.nextDouble() * 1e300);
            case 4 -> NODES.arrayNode().add(near.deepCopy());
            case 5 -> NODES.objectNode().set("a", near.deepCopy());
            case 6 -> near.deepCopy();
            default -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }
}
