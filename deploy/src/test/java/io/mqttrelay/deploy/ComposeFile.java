package io.mqttrelay.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docker-compose.yml, with what it refers to within itself put in. */
final class ComposeFile {
    /** A file of the checkout, and where a container sees it. */
    record Mount(Path source, String target) {}

    private final JsonNode root;

    private ComposeFile(JsonNode root) {
        this.root = root;
    }

    static Path path() {
        return Distribution.checkout().resolve("docker-compose.yml");
    }

    static ComposeFile read() throws IOException {
        try (Reader file = Files.newBufferedReader(path())) {
            Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
            return new ComposeFile(new ObjectMapper().valueToTree(loaded));
        }
    }

    JsonNode root() {
        return root;
    }

    Map<String, JsonNode> services() {
        Map<String, JsonNode> services = new TreeMap<>();
        root.path("services").properties().forEach(each -> services.put(each.getKey(), each.getValue()));
        return services;
    }

    /** The services whose names begin so. */
    Map<String, JsonNode> services(String prefix) {
        Map<String, JsonNode> services = services();
        services.keySet().removeIf(name -> !name.startsWith(prefix));
        return services;
    }

    static Map<String, String> environment(JsonNode service) {
        Map<String, String> environment = new LinkedHashMap<>();
        service.path("environment")
                .properties()
                .forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
        return environment;
    }

    /** Files and folders of the checkout; not volumes. */
    static List<Mount> mounts(JsonNode service) {
        List<Mount> mounts = new ArrayList<>();
        for (JsonNode volume : service.path("volumes")) {
            String[] parts = volume.asText().split(":", -1);
            if (parts[0].startsWith(".")) {
                mounts.add(new Mount(Distribution.checkout().resolve(parts[0]).normalize(), parts[1]));
            }
        }
        return mounts;
    }

    /** Where the container sees a secret, by the secret's name. */
    static Map<String, String> secrets(JsonNode service) {
        Map<String, String> secrets = new TreeMap<>();
        for (JsonNode secret : service.path("secrets")) {
            if (secret.isTextual()) {
                secrets.put(secret.asText(), "/run/secrets/" + secret.asText());
            } else {
                secrets.put(
                        secret.path("source").asText(), secret.path("target").asText());
            }
        }
        return secrets;
    }
}
