package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every alert says what an operator needs, fires when it must, and does not when it must not. */
class AlertRulesTest {
    /** For the page that an operator's company serves. */
    private static final String RUNBOOK = "https://runbooks.example.com/mqtt-relay/operations.md";

    @Test
    void prometheusTakesTheRulesAndTheConfiguration() throws Exception {
        Promtool.accepts(AlertRules.folder(), "check", "rules", "alerts.yml");
        Promtool.accepts(AlertRules.folder(), "check", "config", "prometheus.yml");
    }

    @Test
    void theyFireAsTheirTestsSay() throws Exception {
        Promtool.accepts(AlertRules.folder(), "test", "rules", "alerts-test.yml");
    }

    @Test
    void eachIsTestedFiringAndNot() throws IOException {
        Set<String> firing = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        for (JsonNode test : AlertRules.read("alerts-test.yml").path("tests")) {
            for (JsonNode alert : test.path("alert_rule_test")) {
                Set<String> tested = alert.path("exp_alerts").isEmpty() ? quiet : firing;
                tested.add(alert.path("alertname").asText());
            }
        }
        Set<String> all =
                AlertRules.all().stream().map(AlertRules.Alert::name).collect(Collectors.toCollection(TreeSet::new));
        assertThat(firing).isEqualTo(all);
        assertThat(quiet).isEqualTo(all);
    }

    @Test
    void eachHasASeverityAWaitAWordToPeopleAndARunbookEntry() throws IOException {
        String runbook = Files.readString(Distribution.checkout().resolve("docs/operations.md"));
        assertThat(AlertRules.all()).isNotEmpty().allSatisfy(alert -> {
            assertThat(alert.rule().path("labels").path("severity").asText()).isIn("critical", "warning");
            assertThat(alert.rule().path("for").asText()).matches("\\d+[smh]");
            assertThat(alert.annotation("summary")).isNotBlank();
            assertThat(alert.annotation("description")).isNotBlank();
            String words = words(alert.name());
            assertThat(alert.annotation("runbook_url"))
                    .isEqualTo(RUNBOOK + "#" + words.replace(' ', '-').toLowerCase(Locale.ROOT));
            assertThat(runbook.toLowerCase(Locale.ROOT)).contains("\n### " + words.toLowerCase(Locale.ROOT) + "\n");
        });
        assertThat(runbook).as("how to set it").contains("sed -i 's|" + RUNBOOK + "|");
    }

    /** {@code RelayQos0Dropped} is {@code Relay Qos 0 Dropped}. */
    private static String words(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z])", " ");
    }
}
