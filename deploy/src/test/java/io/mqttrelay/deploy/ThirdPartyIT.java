package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list of what others wrote, beside the program: every jar of theirs, its licence, and the text of that. */
class ThirdPartyIT {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\S+) \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");
    private static final Pattern TEXT = Pattern.compile("(?i)(.*/)?[^/]*(licen[sc]e|copying)[^/]*(?<!\\.class)");

    /** What the list says of a jar. */
    private record Row(String licence, String text) {}

    private static final Row NONE = new Row("not listed", "not listed");

    private final Map<String, Row> listed = new TreeMap<>();
    private Path distribution;
    private String list;

    @BeforeEach
    void read() throws IOException {
        distribution = Distribution.folder();
        list = Files.readString(distribution.resolve("THIRD-PARTY.md"));
        Matcher rows = ROW.matcher(list);
        while (rows.find()) {
            listed.put(rows.group(1), new Row(rows.group(2), rows.group(3)));
        }
        listed.keySet().removeAll(Set.of("jar", "---"));
    }

    private List<Path> jars() throws IOException {
        try (Stream<Path> jars = Files.list(distribution.resolve("lib"))) {
            return jars.filter(jar -> !jar.getFileName().toString().startsWith("relay-"))
                    .toList();
        }
    }

    /** Without its version. */
    private static String name(Path jar) {
        return jar.getFileName().toString().replaceAll("-\\d.*", "");
    }

    @Test
    void itNamesEveryJarAndNothingElse() throws IOException {
        Set<String> names = jars().stream().map(ThirdPartyIT::name).collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed.keySet()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void eachLicenceIsWhatItsPublisherSays() throws IOException {
        Path components = distribution.resolve("components.cdx.json");
        assumeTrue(Files.exists(components), "an offline build makes no list of components");
        for (JsonNode component :
                new ObjectMapper().readTree(components.toFile()).path("components")) {
            String name = component.path("name").asText();
            if (!name.startsWith("relay-")) {
                assertThat(licence(component))
                        .as(name)
                        .isEqualTo(listed.getOrDefault(name, NONE).licence());
            }
        }
    }

    private static String licence(JsonNode component) {
        List<String> choices = new ArrayList<>();
        for (JsonNode each : component.path("licenses")) {
            JsonNode licence = each.path("license");
            choices.add(each.path("expression")
                    .asText(licence.path("id").asText(licence.path("name").asText())));
        }
        return String.join(" or ", choices);
    }

    @Test
    void eachTextIsWhereTheListSays() throws IOException {
        for (Path jar : jars()) {
            Row row = listed.getOrDefault(name(jar), NONE);
            switch (row.text()) {
                case "in the jar" -> assertThat(hasText(jar)).as(jar.toString()).isTrue();
                case "none needed" -> assertThat(row.licence()).isEqualTo("Public Domain");
                case "[LICENSE](LICENSE)" -> assertThat(row.licence()).contains("Apache-2.0");
                default -> assertThat(row.text()).as(name(jar)).matches("\\[.*]\\(licences/.*\\.txt\\)");
            }
        }
    }

    private static boolean hasText(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().anyMatch(entry -> TEXT.matcher(entry.getName()).matches());
        }
    }

    @Test
    void itLinksToEveryTextAndEachIsThere() throws IOException {
        Set<String> links =
                LINK.matcher(list).results().map(link -> link.group(1)).collect(Collectors.toSet());
        assertThat(links)
                .allSatisfy(link -> assertThat(distribution.resolve(link)).isNotEmptyFile());
        try (Stream<Path> texts = Files.list(distribution.resolve("licences"))) {
            assertThat(texts.map(text -> distribution.relativize(text).toString()))
                    .isSubsetOf(links);
        }
    }
}
