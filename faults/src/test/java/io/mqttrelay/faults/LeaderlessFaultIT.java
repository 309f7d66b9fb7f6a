package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Partitions of one app that have no leader, beside a healthy app. */
@Tag("by-hand")
final class LeaderlessFaultIT extends NeighbourScene {
    private static final int NODE = 3;
    /** 5 MB a second, of which a third has no leader. */
    private static final int LARGE = 100_000;

    LeaderlessFaultIT(KafkaCluster kafka) {
        super(kafka);
        this.kafka = kafka;
    }

    private final KafkaCluster kafka;

    @Override
    MosquittoConfiguration mosquitto() {
        return super.mosquitto().option("max_inflight_messages 0");
    }

    @Test
    void b05PartitionsWithoutALeaderUnderLargeMessages() {
        route("leaderless", to("/leaderless"));
        try (KafkaAdmin admin = KafkaAdmin.of(kafka)) {
            admin.create(messagesTopic("leaderless"), PARTITIONS, Map.of("min.insync.replicas", "1"));
            RelayService ingest = ingest().serving();
            dispatch().serving();
            Neighbour neighbour = neighbour("B05 leaderless");
            kafka.stop(NODE);
            Pause.forMillis(8000); // the others become leaders where they can
            neighbour.begin();
            Load flood = opened(Load.start(mosquitto.port(), new Load.Shape("leaderless", 24, 50, LARGE)));
            Pause.forMillis(15_000);
            flood.stop();
            neighbour.feltNothing();
            assertThat(ingest.process().isAlive()).isTrue();
            assertThat(ingest.mostResidentBytes()).isLessThan(Limits.MEMORY);

            kafka.startAll();
            Set<String> wanted = flood.acknowledged().stream().map(Sent::id).collect(Collectors.toSet());
            Pause.until(
                    Duration.ofSeconds(90),
                    () -> callback.deliveries().stream()
                            .filter(delivery -> delivery.accepted())
                            .map(delivery -> delivery.id())
                            .collect(Collectors.toSet())
                            .containsAll(wanted));
        }
    }
}
