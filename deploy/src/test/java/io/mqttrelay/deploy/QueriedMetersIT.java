package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the dashboard and the alerts ask for is what running services have: every meter, and every label of it. */
@ExtendWith(SharedBrokers.class)
class QueriedMetersIT {
    private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
    private static final String AFTER_A_COLLECTION = "jvm_gc_pause_seconds_sum";

    /** What somebody looks up when it matters: nothing of it is to be seen over time. */
    private static final Set<String> NOT_SHOWN =
            Set.of("relay_dispatch_calls_allowed", "relay_dispatch_dead_letters_incomplete");

    @TempDir
    private Path folder;

    @Test
    void everyQueryAsksForWhatIsThere(EmbeddedKafka kafka, EmbeddedMqtt mqtt) throws Exception {
        try (BusyRelay relay = new BusyRelay(folder, kafka, mqtt)) {
            System.gc();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> relay.dispatch().series().containsKey(AFTER_A_COLLECTION));
            Map<String, Set<String>> series = new TreeMap<>(relay.ingest().series());
            relay.dispatch().series().forEach(series::putIfAbsent);

            List<Dashboard.Target> targets = Dashboard.read().targets();
            assertThat(targets).hasSizeGreaterThan(30).allSatisfy(target -> {
                isThere(target.expression(), series);
                namesKnownLabels(target);
            });
            assertThat(AlertRules.all()).hasSizeGreaterThan(6).allSatisfy(alert -> isThere(alert.expression(), series));
            theDashboardShowsAllThatTheRelayCounts(relay.ingest().meters().keySet());
            theDashboardShowsAllThatTheRelayCounts(relay.dispatch().meters().keySet());
        }
    }

    private static void theDashboardShowsAllThatTheRelayCounts(Set<String> meters) throws IOException {
        Set<String> shown = Dashboard.read().targets().stream()
                .flatMap(target -> new PromQl(target.expression()).meters().keySet().stream())
                .map(name -> name.replaceAll("_bucket$", ""))
                .collect(Collectors.toSet());
        Set<String> counted = new TreeSet<>(meters);
        counted.removeIf(name -> !name.startsWith("relay_") || name.endsWith("_max"));
        counted.removeAll(NOT_SHOWN);
        assertThat(shown).containsAll(counted);
    }

    private static void isThere(String expression, Map<String, Set<String>> series) {
        PromQl query = new PromQl(expression);
        Set<String> labels = new TreeSet<>(PromQl.SCRAPED);
        query.meters().forEach((name, chosenBy) -> {
            assertThat(name.equals(PromQl.UP) || series.containsKey(name))
                    .as(name + " in " + expression)
                    .isTrue();
            Set<String> known = new TreeSet<>(series.getOrDefault(name, Set.of()));
            known.addAll(PromQl.SCRAPED);
            assertThat(known).as(name + " in " + expression).containsAll(chosenBy);
            labels.addAll(known);
        });
        assertThat(labels).as(expression).containsAll(query.groupings());
    }

    /** Every query sums, so what it is grouped by is all that its series can be told apart by. */
    private static void namesKnownLabels(Dashboard.Target target) {
        Set<String> named = LEGEND_LABEL
                .matcher(target.legend())
                .results()
                .map(label -> label.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> grouped = new PromQl(target.expression()).groupings();
        assertThat(grouped).as(target.expression()).containsAll(named);
        grouped.remove("le");
        assertThat(named)
                .as("the legend of " + target.expression())
                .containsAll(target.legend().isEmpty() ? Set.of() : grouped);
    }
}
