package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mqttrelay.common.cli.Summaries;
import io.mqttrelay.common.settings.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any file gives a result, which never shows a secret. */
class ConfigPropertyTest {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final String PLANTED = "hunter2";
    private static Path file = Path.of("");

    @BeforeContainer
    static void makeFile() throws IOException {
        file = Files.createTempFile("relay", ".json");
    }

    @AfterContainer
    static void deleteFile() throws IOException {
        Files.delete(file);
    }

    private static String everythingSaid(String json) throws IOException {
        Files.writeString(file, json);
        ConfigResult result = Configs.read(file, Map.of("PLANTED", PLANTED));
        return result.match(new ConfigResult.Cases<>() {
            @Override
            public String valid(ConfigResult.Valid valid) {
                return valid.config() + "\n" + Summaries.of(valid.config()) + String.join("\n", valid.warnings());
            }

            @Override
            public String invalid(ConfigResult.Invalid invalid) {
                assertThat(invalid.problems()).isNotEmpty().allMatch(line -> line.startsWith(file + ": "));
                assertThat(invalid.problems()).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
                return String.join("\n", invalid.problems());
            }
        });
    }

    private static List<String> names() {
        return ReferencePage.sections().stream()
                .flatMap(section -> section.keys().stream())
                .map(Key::name)
                .toList();
    }

    /** Objects of known keys with values of any kind. */
    @Provide
    Arbitrary<Object> trees() {
        return trees(4);
    }

    private static Arbitrary<Object> trees(int depth) {
        Arbitrary<Object> leaves = Arbitraries.of(
                "a",
                "",
                "10s",
                "1MB",
                "http://h/",
                "h:1",
                "raw",
                "${env:PLANTED}",
                "${file:/etc/hostname}",
                "a/#",
                "\uD800",
                "${",
                "\u0000",
                "true",
                true,
                false,
                0,
                1,
                -1,
                70000,
                1.5);
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<Object> values = trees(depth - 1);
        Arbitrary<Object> objects =
                Arbitraries.maps(Arbitraries.of(names()), values).ofMaxSize(4).map(map -> map);
        Arbitrary<Object> lists = values.list().ofMaxSize(2).map(list -> list);
        return Arbitraries.oneOf(leaves, objects, lists);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void noTreeMakesTheReaderThrow(@ForAll("trees") Object tree) throws IOException {
        everythingSaid(json(Map.of("mqtt_brokers", List.of(tree), "kafka", tree)));
        everythingSaid(json(tree));
    }

    private static String json(Object tree) throws JsonProcessingException {
        return JSON.writeValueAsString(tree);
    }

    @Property(tries = 1000)
    void noDamageMakesTheReaderThrow(
            @ForAll @IntRange(max = 1_000_000) int place,
            @ForAll @IntRange(max = 8) int cut,
            @ForAll("bits") String bit)
            throws IOException {
        String whole = Files.readString(Path.of("../docs/examples/production.json"));
        int at = place % whole.length();
        everythingSaid(whole.substring(0, at) + bit + whole.substring(Math.min(whole.length(), at + cut)));
    }

    @Provide
    Arbitrary<String> bits() {
        return Arbitraries.of(
                "", "\"", "{", "}", "[", "]", ",", ":", "0", "x", "\\", "\n", "null", "\u0000", "${", "\uFEFF");
    }

    /** Keys for secrets, with valid and with typical wrong values. */
    @Provide
    Arbitrary<String> secretPlaces() {
        return Arbitraries.of(
                Configs.json("", "\"username\": \"u\", \"password\": \"%s\",", ""),
                Configs.json("", "\"password\": [\"%s\"],", ""),
                Configs.json("", "\"password\": %s,", ""),
                Configs.json("", "\"pasword\": \"%s\",", ""),
                Configs.json("", "\"password\": \"%s${\",", ""),
                Configs.json("", "\"password\": \"${%s}\",", ""),
                Configs.json("", "\"broker_addresses\": [\"u:%s@h:1\"],", ""),
                Configs.json("\"admin\": {\"token\": \"%s\"},", "", ""),
                Configs.json("\"admin\": {\"token\": \"%s \"},", "", ""),
                Configs.json("\"kafka\": {\"properties\": {\"ssl.key.password\": \"%s\"}},", "", ""),
                Configs.json("\"kafka\": {\"properties\": {\"request.timeout.ms\": \"%s\"}},", "", ""),
                Configs.json("\"kafka\": {\"properties\": {\"security.protocol\": \"%s\"}},", "", ""),
                Configs.json(
                        "\"kafka\": {\"properties\": {\"sasl.jaas.config\": \"x required password='%s';\"}},", "", ""),
                Configs.json("\"kafka\": {\"consumer\": {\"ssl.keystore.key\": {\"a\": \"%s\"}}},", "", ""),
                Configs.json("", "", "\"headers\": {\"Authorization\": \"%s\"},"),
                Configs.json("", "", "\"headers\": {\"Authorization\": \"%s\\n\"},"),
                Configs.json("", "", "\"headers\": {\"Authorization\": [\"%s\"]},"),
                Configs.json("", "", "\"headers\": \"%s\","),
                Configs.json("", "", "\"signing_secrets\": [\"%s\"],"),
                Configs.json("", "", "\"signing_secrets\": [\"whsec_%s\"],"),
                Configs.json("", "", "\"signing_secrets\": \"whsec_%s\","),
                callback("\"http://u:%s@h/?key=%s\""),
                callback("\"http://u:%s@h:99999/\""),
                callback("\"http://u:%s@h/ \""),
                callback("\"ftp://u:%s@h/\""),
                callback("\"http://%s@\""),
                callback("{\"url\": \"http://u:%s@h/#x\"}"),
                callback("{\"url\": [\"http://u:%s@h/\"]}"));
    }

    private static String callback(String address) {
        return Configs.routeJson(
                "\"app_id\": \"a\", \"subTopic\": {\"topic\": \"t\"}, \"callbackAddress\": " + address);
    }

    @Property
    void aSecretIsNeverSaid(@ForAll("secretPlaces") String place) throws IOException {
        assertThat(everythingSaid(place.replace("%s", PLANTED))).doesNotContain(PLANTED);
    }

    @Property
    void neverQuotesAWrongValueFromTheEnvironment(@ForAll("keys") String name) throws IOException {
        String value = "\"" + name + "\": \"${env:PLANTED}\"";
        for (String json : List.of(
                Configs.json("\"kafka\": {" + value + "},", "", ""),
                Configs.json("\"ingest\": {" + value + "}, \"dispatch\": {" + value + "},", "", ""),
                Configs.json("\"admin\": {" + value + "}, \"log_config\": {" + value + "},", "", ""),
                Configs.json(value + ",", value + ",", value + ","))) {
            String said = everythingSaid(json);
            if (said.startsWith(file.toString())) {
                assertThat(said).doesNotContain(PLANTED);
            }
        }
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.of(names());
    }
}
