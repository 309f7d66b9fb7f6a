package io.mqttrelay.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** deploy/grafana/dashboards/mqtt-relay.json. */
record Dashboard(List<Panel> panels) {
    /** A query, and how its series are named. */
    record Target(String expression, String legend) {
        /** With values in the place of Grafana's variables. */
        String promQl() {
            return expression.replace("$__rate_interval", "1m").replace("$app_id", ".*");
        }
    }

    /** A panel, or the heading of a row of them. */
    record Panel(String title, JsonNode json, List<Target> targets) {
        boolean isRow() {
            return json.path("type").asText().equals("row");
        }

        int place(String key) {
            return json.path("gridPos").path(key).asInt();
        }

        boolean overlaps(Panel other) {
            return place("x") < other.place("x") + other.place("w")
                    && other.place("x") < place("x") + place("w")
                    && place("y") < other.place("y") + other.place("h")
                    && other.place("y") < place("y") + place("h");
        }
    }

    static Dashboard read() throws IOException {
        Path file = Distribution.checkout().resolve("deploy/grafana/dashboards/mqtt-relay.json");
        List<Panel> panels = new ArrayList<>();
        for (JsonNode panel : new ObjectMapper().readTree(file.toFile()).path("panels")) {
            List<Target> targets = new ArrayList<>();
            for (JsonNode target : panel.path("targets")) {
                targets.add(new Target(
                        target.path("expr").asText(),
                        target.path("legendFormat").asText()));
            }
            panels.add(new Panel(panel.path("title").asText(), panel, targets));
        }
        return new Dashboard(panels);
    }

    List<Target> targets() {
        return panels.stream().flatMap(panel -> panel.targets().stream()).toList();
    }
}
