package io.mqttrelay.bench.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A panel of a Grafana dashboard.
 *
 * @param kind {@code row}, {@code stat} or {@code timeseries}
 * @param x column, of 24
 */
record Panel(String kind, String title, String unit, int x, int y, int width, int height, List<Target> targets) {
    /**
     * A query.
     *
     * @param legend the name of its lines, with {@code {{label}}}
     */
    record Target(String expression, String legend) {}

    Panel {
        targets = List.copyOf(targets);
    }

    /** @param interval in PromQL, replaces Grafana's own choice */
    static List<Panel> read(Path dashboard, String interval) throws IOException {
        List<Panel> panels = new ArrayList<>();
        for (JsonNode panel : new ObjectMapper().readTree(dashboard.toFile()).path("panels")) {
            JsonNode place = panel.path("gridPos");
            List<Target> targets = new ArrayList<>();
            for (JsonNode target : panel.path("targets")) {
                String expression = target.path("expr").asText();
                targets.add(new Target(
                        expression.replace("$__rate_interval", interval).replace("$app_id", ".*"),
                        target.path("legendFormat").asText()));
            }
            panels.add(new Panel(
                    panel.path("type").asText(),
                    panel.path("title").asText(),
                    panel.path("fieldConfig").path("defaults").path("unit").asText(),
                    place.path("x").asInt(),
                    place.path("y").asInt(),
                    place.path("w").asInt(),
                    place.path("h").asInt(),
                    targets));
        }
        return panels;
    }
}
