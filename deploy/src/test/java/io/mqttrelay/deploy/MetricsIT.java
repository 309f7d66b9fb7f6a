package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every meter says what it is, as docs/metrics.md does, and none has a label that grows with the messages. */
@ExtendWith(SharedBrokers.class)
class MetricsIT {
    private static final Path PAGE = Distribution.checkout().resolve("docs/metrics.md");

    /** Dashboards and alerts elsewhere rely on these. */
    private static final Map<String, Set<String>> PROMISED = Map.ofEntries(
            Map.entry("relay_ingest_received_total", Set.of("app_id", "client_id")),
            Map.entry("relay_ingest_stored_total", Set.of("app_id", "client_id")),
            Map.entry("relay_ingest_dropped_total", Set.of("app_id", "client_id", "reason")),
            Map.entry("relay_ingest_unacked", Set.of("app_id", "client_id")),
            Map.entry("relay_ingest_connected", Set.of("app_id", "client_id")),
            Map.entry("relay_dispatch_deliveries_total", Set.of("app_id", "client_id", "address", "outcome")),
            Map.entry("relay_dispatch_attempts_total", Set.of("app_id", "client_id", "address", "status_class")),
            Map.entry("relay_dispatch_attempt_seconds", Set.of("app_id", "client_id", "address")),
            Map.entry("relay_dispatch_end_to_end_seconds", Set.of("app_id", "client_id", "address")),
            Map.entry("relay_dispatch_in_flight", Set.of("app_id", "client_id", "address")),
            Map.entry("relay_dispatch_lag", Set.of("app_id", "client_id", "address")),
            Map.entry("relay_dispatch_oldest_seconds", Set.of("app_id", "client_id", "address")),
            Map.entry("relay_dispatch_breaker_state", Set.of("app_id", "client_id", "address")),
            Map.entry("relay_dispatch_dead_letters", Set.of("app_id", "client_id", "address")));

    private static final Set<String> OUTCOMES =
            Set.of("delivered", "retried", "rejected", "exhausted", "excluded", "expired", "unprocessable");

    /**
     * There once the JVM has collected something of that kind, with whatever collector it has: a
     * process that has not yet lacks them, so neither their presence nor their place can be asked for.
     */
    private static final String AFTER_COLLECTIONS = "jvm_gc_";

    @TempDir
    private Path folder;

    @Test
    void metersAreAsThePageSays(EmbeddedKafka kafka, EmbeddedMqtt mqtt) throws Exception {
        try (BusyRelay relay = new BusyRelay(folder, kafka, mqtt)) {
            Exposition ingest = relay.ingest();
            Exposition dispatch = relay.dispatch();

            List<String> rows = rows(ingest, dispatch);
            assertThat(withoutCollections(page()))
                    .as("what %s should say:\n%s", PAGE, String.join("\n", rows))
                    .containsExactlyInAnyOrderElementsOf(withoutCollections(rows));
            assertThat(page()).as("of collections").containsAll(rows);
            thePromisesHold(ingest, dispatch);
            noLabelGrows(ingest);
            noLabelGrows(dispatch);
        }
    }

    /** A row for each meter, as the page has them. */
    private static List<String> rows(Exposition ingest, Exposition dispatch) {
        Map<String, Exposition.Meter> all = new TreeMap<>(ingest.meters());
        all.putAll(dispatch.meters());
        List<String> rows = new ArrayList<>();
        all.forEach((name, meter) -> rows.add("| `%s` | %s | %s | %s | %s |"
                .formatted(name, meter.type(), labels(meter), where(name, ingest, dispatch), meter.help())));
        return rows;
    }

    private static String labels(Exposition.Meter meter) {
        return meter.labels().isEmpty() ? "" : "`" + String.join("`, `", meter.labels()) + "`";
    }

    private static String where(String name, Exposition ingest, Exposition dispatch) {
        boolean inBoth = ingest.meters().containsKey(name) && dispatch.meters().containsKey(name);
        if (inBoth || name.startsWith(AFTER_COLLECTIONS)) {
            return "both";
        }
        return ingest.meters().containsKey(name) ? "ingest" : "dispatch";
    }

    private static List<String> page() throws IOException {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.filter(line -> line.matches("\\| `[a-z0-9_]+` \\| (counter|gauge|histogram|summary) \\|.*"))
                    .toList();
        }
    }

    private static List<String> withoutCollections(List<String> rows) {
        return rows.stream()
                .filter(row -> !row.startsWith("| `" + AFTER_COLLECTIONS))
                .toList();
    }

    private static void thePromisesHold(Exposition ingest, Exposition dispatch) {
        Map<String, Exposition.Meter> all = new TreeMap<>(ingest.meters());
        all.putAll(dispatch.meters());
        PROMISED.forEach((name, labels) -> assertThat(all).hasEntrySatisfying(name, meter -> {
            assertThat(meter.labels()).as(name).isEqualTo(labels);
            assertThat(meter.help()).as(name).isNotBlank();
        }));
        Set<String> outcomes = new TreeSet<>();
        dispatch.meters()
                .get("relay_dispatch_deliveries_total")
                .samples()
                .forEach(sample -> outcomes.add(sample.labels().get("outcome")));
        assertThat(outcomes).isEqualTo(OUTCOMES);
    }

    /** The messages came from twenty topics to two paths. */
    private static void noLabelGrows(Exposition exposition) {
        for (Exposition.Meter meter : exposition.meters().values()) {
            assertThat(meter.help()).as(meter.name()).isNotBlank();
            assertThat(meter.samples())
                    .allSatisfy(sample -> sample.labels()
                            .forEach((label, value) -> assertThat(value)
                                    .as(label + " of " + sample.name())
                                    .doesNotContain("busy/", "/takes", "/fails")));
        }
    }
}
