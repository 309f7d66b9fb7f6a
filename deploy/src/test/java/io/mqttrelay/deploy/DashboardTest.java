package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard is one that Grafana and Prometheus take. */
class DashboardTest {
    @TempDir
    private Path folder;

    @Test
    void prometheusTakesEveryQuery() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n- name: queries\n  rules:\n");
        int number = 0;
        for (Dashboard.Target target : Dashboard.read().targets()) {
            rules.append("  - record: query:").append(number++).append("\n    expr: >-\n      ");
            rules.append(target.promQl()).append('\n');
        }
        assertThat(number).isPositive();
        Files.writeString(folder.resolve("queries.yml"), rules);
        Promtool.accepts(folder, "check", "rules", "queries.yml");
    }

    @Test
    void metricsOfOtherProgramsAreChosenByTheJob() throws IOException {
        for (Dashboard.Target target : Dashboard.read().targets()) {
            new PromQl(target.expression()).meters().forEach((meter, chosenBy) -> {
                if (!meter.startsWith("relay_")) {
                    assertThat(chosenBy).as(target.expression()).contains("job");
                }
            });
        }
    }

    @Test
    void aServiceThatDoesNotAnswerIsNotReadyEither() throws IOException {
        assertThat(Dashboard.read().panels())
                .filteredOn(panel -> panel.title().equals("Not ready"))
                .flatExtracting(Dashboard.Panel::targets)
                .flatExtracting(
                        target -> new PromQl(target.expression()).meters().keySet())
                .contains("relay_ready", PromQl.UP);
    }

    @Test
    void everyPanelSaysWhatItShowsInWhichUnit() throws IOException {
        assertThat(Dashboard.read().panels())
                .filteredOn(panel -> !panel.isRow())
                .allSatisfy(panel -> {
                    assertThat(panel.title()).isNotBlank();
                    assertThat(panel.json().path("description").asText())
                            .as(panel.title())
                            .isNotBlank();
                    assertThat(panel.json()
                                    .path("fieldConfig")
                                    .path("defaults")
                                    .path("unit")
                                    .asText())
                            .as(panel.title())
                            .isNotBlank();
                    assertThat(panel.json().path("datasource").path("uid").asText())
                            .isEqualTo("${datasource}");
                    assertThat(panel.targets()).as(panel.title()).isNotEmpty();
                });
    }

    @Test
    void noPanelHidesAnother() throws IOException {
        List<Dashboard.Panel> panels = Dashboard.read().panels();
        for (Dashboard.Panel panel : panels) {
            assertThat(panel.place("x") + panel.place("w")).isLessThanOrEqualTo(24);
            assertThat(panels).filteredOn(panel::overlaps).containsExactly(panel);
        }
        assertThat(panels).extracting(panel -> panel.json().path("id").asInt()).doesNotHaveDuplicates();
    }

    @Test
    void itHasARowForEachPartOfTheWay() throws IOException {
        assertThat(Dashboard.read().panels())
                .filteredOn(Dashboard.Panel::isRow)
                .extracting(Dashboard.Panel::title)
                .extracting(title -> title.split("[: ]", 2)[0])
                .containsExactly("Ingest", "Kafka", "Dispatch", "Dead", "JVM");
    }
}
