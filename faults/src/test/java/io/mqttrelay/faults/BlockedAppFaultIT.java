package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Apps whose Kafka topics take nothing, under a flood, beside a healthy app with QoS 1 and QoS 0. */
final class BlockedAppFaultIT extends NeighbourScene {
    private static final Duration FLOOD = Duration.ofSeconds(12);
    private static final int FLOOD_RATE = 500;
    /** 6 MB a second of an app: its share is full within some seconds. */
    private static final int FLOOD_BYTES = 12_000;

    private final List<Load> floods = new ArrayList<>();

    /** The client takes any number of messages at once. */
    @Override
    MosquittoConfiguration mosquitto() {
        return super.mosquitto().option("max_inflight_messages 0");
    }

    private void flood(String app, int qos) {
        floods.add(opened(Load.start(mosquitto.port(), new Load.Shape(app, 4, FLOOD_RATE, FLOOD_BYTES, qos))));
    }

    @Test
    @Tag("every-change")
    void b02AppsThatKafkaForbidsUnderFlood() {
        guardKafka();
        List<String> apps = List.of("kept", "clean", "zero");
        route("kept", to("/kept"));
        route("clean", List.of("\"session_expiry\": \"0s\""), to("/clean"));
        route("zero", to("/zero"), "\"subTopic\": {\"topic\": \"zero/#\", \"qos\": 0}");
        try (KafkaAdmin admin = KafkaAdmin.of(bootstrapServers())) {
            apps.forEach(app -> admin.forbid(OneBroker.USER, messagesTopic(app), AclOperation.WRITE));
            RelayService ingest = ingest();
            ingest.ready();
            dispatch().ready();
            besideTheNeighbours("B02 ACL", () -> {
                flood("kept", 1);
                flood("clean", 1);
                flood("zero", 0);
            });

            assertThat(ingest.process().isAlive()).isTrue();
            assertThat(ingest.mostResidentBytes()).isLessThan(Limits.MEMORY);
            assertThat(connections("kept"))
                    .as("its connection was never closed")
                    .isOne();
            assertThat(connections("clean")).isOne();
            apps.forEach(app -> admin.permit(OneBroker.USER, messagesTopic(app)));
            arrives(floods.get(0), "/kept");
            arrives(floods.get(1), "/clean");
        }
    }

    @Test
    @Tag("by-hand")
    void b02TopicsThatAreCompactedMissingOrShortOfReplicas() {
        guardKafka();
        route("compacted", to("/compacted"));
        route("missing", to("/missing"));
        route("replicas", to("/replicas"));
        try (KafkaAdmin admin = KafkaAdmin.of(bootstrapServers())) {
            admin.create(messagesTopic("compacted"), PARTITIONS, Map.of("cleanup.policy", "compact"));
            admin.forbid(OneBroker.USER, messagesTopic("missing"), AclOperation.CREATE);
            admin.create(messagesTopic("replicas"), PARTITIONS, Map.of("min.insync.replicas", "2"));
            RelayService ingest = ingest();
            ingest.serving();
            dispatch().serving();
            besideTheNeighbours("B02 topics", () -> {
                flood("compacted", 1);
                flood("missing", 1);
                flood("replicas", 1);
            });

            assertThat(ingest.process().isAlive()).isTrue();
            assertThat(ingest.mostResidentBytes()).isLessThan(Limits.MEMORY);
            assertThat(connections("compacted")).isOne();
            assertThat(connections("missing")).isOne();
            assertThat(connections("replicas")).isOne();
            admin.configure(messagesTopic("compacted"), Map.of("cleanup.policy", "delete"));
            admin.permit(OneBroker.USER, messagesTopic("missing"));
            admin.configure(messagesTopic("replicas"), Map.of("min.insync.replicas", "1"));
            arrives(floods.get(0), "/compacted");
            arrives(floods.get(1), "/missing");
            arrives(floods.get(2), "/replicas");
        }
    }

    private void besideTheNeighbours(String row, Runnable failure) {
        Neighbour neighbour = neighbour(row);
        Neighbour qos0 = neighbour(row + ", QoS 0", new Load.Shape(good + "/q0", 2, RATE, 100, 0), good);
        neighbour.begin();
        qos0.begin();
        failure.run();
        Pause.forMillis(FLOOD.toMillis());
        floods.forEach(Load::stop);
        neighbour.feltNothing();
        qos0.feltNothing();
    }

    private int connections(String client) {
        return (int) mosquitto
                .log()
                .lines()
                .filter(line -> line.contains("New client connected") && line.contains(" as " + client + " "))
                .count();
    }

    private void arrives(Load flood, String path) {
        Set<String> wanted = flood.acknowledged().stream().map(Sent::id).collect(Collectors.toSet());
        Pause.until(Duration.ofSeconds(90), () -> accepted(path).containsAll(wanted));
    }

    private Set<String> accepted(String path) {
        Set<String> ids = new HashSet<>();
        callback.deliveries().stream()
                .filter(delivery -> delivery.accepted() && delivery.address().equals(callback.url(path)))
                .forEach(delivery -> ids.add(delivery.id()));
        return ids;
    }
}
