package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of components that lies beside the program. */
class ComponentsIT {
    @Test
    void itNamesEveryJarAndNothingElse() throws Exception {
        Path folder = Distribution.folder();
        Path list = folder.resolve("components.cdx.json");
        assumeTrue(Files.exists(list), "an offline build makes no list of components");
        JsonNode components = new ObjectMapper().readTree(list.toFile()).path("components");
        Set<String> listed = new TreeSet<>();
        for (JsonNode component : components) {
            listed.add(fileName(component));
        }

        try (Stream<Path> jars = Files.list(folder.resolve("lib"))) {
            Set<String> shipped = jars.map(jar -> jar.getFileName().toString()).collect(Collectors.toSet());
            assertThat(listed).containsExactlyInAnyOrderElementsOf(shipped);
        }
    }

    private static String fileName(JsonNode component) {
        String classifier = "";
        for (String part : component.path("purl").asText().split("[?&]", -1)) {
            if (part.startsWith("classifier=")) {
                classifier = "-" + part.substring("classifier=".length());
            }
        }
        return component.path("name").asText() + "-" + component.path("version").asText() + classifier + ".jar";
    }
}
