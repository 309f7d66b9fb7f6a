package io.mqttrelay.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What deploy/prometheus has. */
final class AlertRules {
    /** An alert as the file has it. */
    record Alert(String name, String expression, JsonNode rule) {
        String annotation(String key) {
            return rule.path("annotations").path(key).asText();
        }
    }

    private AlertRules() {}

    static Path folder() {
        return Distribution.checkout().resolve("deploy/prometheus");
    }

    static List<Alert> all() throws IOException {
        List<Alert> alerts = new ArrayList<>();
        for (JsonNode group : read("alerts.yml").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                alerts.add(
                        new Alert(rule.path("alert").asText(), rule.path("expr").asText(), rule));
            }
        }
        return alerts;
    }

    static JsonNode read(String file) throws IOException {
        return new YAMLMapper().readTree(folder().resolve(file).toFile());
    }
}
