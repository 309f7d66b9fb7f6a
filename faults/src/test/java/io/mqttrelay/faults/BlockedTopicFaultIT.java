package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An MQTT topic whose messages always fail, beside other topics of the same address. */
final class BlockedTopicFaultIT extends NeighbourScene {
    private static final Duration FAILURE = Duration.ofSeconds(30);
    private static final Duration RECOVERED = Duration.ofMinutes(3);
    private static final int BAD_TOPICS = 40;
    private static final int IN_FLIGHT = 64;
    /** Commits follow each other sooner than this. */
    private static final Duration UNCOMMITTED = Duration.ofMillis(500);

    private static final String BLOCKED = "relay_dispatch_blocked_topics";

    private volatile boolean broken = true;

    @ParameterizedTest
    @Tag("every-change")
    @ValueSource(ints = {200, 4096})
    void b01OneTopicAlwaysGets404(int bytes) {
        failBadTopics();
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Neighbour neighbour = neighbour("B01 " + bytes + " bytes", new Load.Shape(good + "/h", 24, 120, 200), good);
        neighbour.begin();

        Load bad = opened(Load.start(mosquitto.port(), new Load.Shape(good + "/bad", 1, 400, bytes)));
        Pause.forMillis(FAILURE.toMillis());
        assertThat(dispatch.meter(BLOCKED, "")).isEqualTo(1);
        bad.stop();
        neighbour.feltNothing();

        broken = false;
        Pause.until(RECOVERED, () -> missing(bad).isEmpty());
        Pause.until(Duration.ofSeconds(10), () -> dispatch.meter(BLOCKED, "") == 0);
        Order.firstPerTopic(bad.sent(), accepted(bad)).assertHolds();
    }

    @Test
    @Tag("by-hand")
    void b01AKillRepeatsOnlyCallsInFlight() {
        neighbourKey("\"max_in_flight\": " + IN_FLIGHT);
        within("dispatch", "\"max_buffered\": \"1MB\"");
        failBadTopics();
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Load well = opened(Load.start(mosquitto.port(), new Load.Shape(good + "/h", 24, 120, 200)));
        Load bad = opened(Load.start(mosquitto.port(), new Load.Shape(good + "/bad", BAD_TOPICS, 400, 1000)));
        Pause.forMillis(FAILURE.toMillis());
        assertThat(dispatch.meter(BLOCKED, "")).isGreaterThan(BAD_TOPICS / 2);

        int uncommitted = acceptedSince(System.nanoTime() - UNCOMMITTED.toNanos());
        dispatch.kill();
        goodCallback.declareCrash();
        dispatch.startAgain();
        dispatch.ready();
        Pause.until(RECOVERED, () -> dispatch.meter(BLOCKED, "") > BAD_TOPICS / 2);
        bad.stop();
        well.stop();
        Pause.until(RECOVERED, () -> missing(well).isEmpty());
        broken = false;
        Pause.until(RECOVERED, () -> missing(bad).isEmpty());

        Duplicates.atMost(uncommitted + IN_FLIGHT, goodCallback.deliveries()).assertHolds();
        Order.firstPerTopic(well.sent(), accepted(well)).assertHolds();
        Order.firstPerTopic(bad.sent(), accepted(bad)).assertHolds();
    }

    private void failBadTopics() {
        goodCallback.on("/good", exchange -> {
            boolean bad = broken && exchange.request().topic().contains("/bad/");
            exchange.answer(bad ? 404 : 200, List.of(), new byte[0]);
        });
    }

    private int acceptedSince(long nanos) {
        return (int) goodCallback.deliveries().stream()
                .filter(delivery -> delivery.accepted() && delivery.atNanos() > nanos)
                .count();
    }

    /** Published messages that are neither accepted nor dead letters. */
    private Set<String> missing(Load load) {
        Set<String> missing = load.sent().stream().map(Sent::id).collect(Collectors.toCollection(HashSet::new));
        accepted(load).forEach(delivery -> missing.remove(delivery.id()));
        new KafkaRecords(bootstrapServers())
                .all(deadTopic(good)).stream()
                        .filter(letter -> letter.value() != null)
                        .forEach(letter -> missing.removeIf(
                                id -> new String(letter.value(), StandardCharsets.UTF_8).contains("\"" + id + "\"")));
        return missing;
    }

    private List<Delivery> accepted(Load load) {
        Set<String> sent = load.sent().stream().map(Sent::id).collect(Collectors.toSet());
        return goodCallback.deliveries().stream()
                .filter(delivery -> delivery.accepted() && sent.contains(delivery.id()))
                .toList();
    }
}
