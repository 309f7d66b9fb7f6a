package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.LooseValues;
import io.mqttrelay.common.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The documents about the configuration agree with the reader. */
class ConfigurationPageTest {
    private static final Path DOCS = Path.of("../docs");
    private static final boolean WRITE = Boolean.getBoolean("relay.docs.write");
    private static final String HOW_TO_WRITE = "run this test with -Drelay.docs.write=true";

    @Test
    void theReferencePageIsOfThisCode() throws IOException {
        assertThat(document("configuration.md", ReferencePage.text()))
                .as(HOW_TO_WRITE)
                .isEqualTo(ReferencePage.text());
    }

    @Test
    void theSchemaIsOfThisCode() throws IOException {
        assertThat(document("relay.schema.json", EditorSchema.text()))
                .as(HOW_TO_WRITE)
                .isEqualTo(EditorSchema.text());
    }

    private static String document(String name, String text) throws IOException {
        Path file = DOCS.resolve(name);
        if (WRITE) {
            Files.writeString(file, text);
        }
        return Files.readString(file);
    }

    @Test
    void everyDefaultThatIsToldIsTheDefaultThatCounts() throws IOException {
        LooseValues values = new LooseValues();
        for (Section section : ReferencePage.sections()) {
            for (Key<?> key : section.keys()) {
                if (key.fallback() != null) {
                    JsonNode told = JsonMapper.builder().build().readTree(key.fallbackText());
                    Object read = key.type().read(values.at(key.name(), told));
                    assertThat(read).as(section.name() + "." + key.name()).isEqualTo(key.fallback());
                }
            }
        }
        assertThat(values.problems()).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleIsWhatTheSchemaAllowsAndTheReaderTakes() throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(EditorSchema.text());
        List<Path> examples;
        try (Stream<Path> files = Files.list(DOCS.resolve("examples"))) {
            examples = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        assertThat(examples).hasSizeGreaterThan(3);
        return Stream.concat(
                        examples.stream(),
                        Stream.of(Path.of("src/test/resources/io/mqttrelay/common/config/read/original.json")))
                .map(example -> DynamicTest.dynamicTest(example.getFileName().toString(), () -> {
                    List<Error> errors = schema.validate(Files.readString(example), InputFormat.JSON);
                    assertThat(errors).isEmpty();
                    assertThat(Configs.lines(example, ENVIRONMENT)).allMatch(line -> line.startsWith("warning: "));
                }));
    }

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "MQTT_PASSWORD", "p",
            "KAFKA_PASSWORD", "p",
            "CALLBACK_TOKEN", "t",
            "ERP_CLIENT_SECRET", "s",
            "LAKE_SIGNING_KEY", "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "ADMIN_TOKEN", "0123456789abcdef0123456789abcdef",
            "SIGNING_SECRET", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

    @Test
    void theSchemaRefusesTheSameFilesAsTheReader() throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(EditorSchema.text());
        for (String bad : List.of(
                Configs.json("\"kafkaa\": {},", "", ""),
                Configs.json("", "\"alive\": 70000,", ""),
                Configs.json("", "", "\"retry\": \"5\","),
                Configs.json("", "", "\"ordering\": \"strict\","),
                Configs.json("\"shutdown_grace\": \"10\",", "", ""))) {
            assertThat(schema.validate(bad, InputFormat.JSON)).as(bad).isNotEmpty();
        }
    }
}
