package io.mqttrelay.dispatch.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.testkit.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** The open failures of an app whose dead topic cannot be read, and those of the others. */
final class OneAppsDeadTopicFailsTest {
    private static final TopicNames NAMES = new TopicNames("d");
    private static final Node NODE = new Node(1, "host", 9092);
    private static final String BAD = NAMES.dead("bad");

    private final ManualClock clock = ManualClock.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /** Topics by the request that fails for them. */
    private final Map<String, String> failing = new HashMap<>();

    private int closed;
    private Consuming consumer = new Consuming();
    private final OpenFailures role = new OpenFailures(
            () -> {
                consumer = consumer.closed() ? new Consuming() : consumer;
                return consumer;
            },
            List.of(route("bad"), route("good")),
            NAMES,
            registry,
            () -> true,
            clock.nanoTime());

    /** One partition a topic, with one dead letter in it. */
    private final class Consuming extends MockConsumer<byte[], byte[]> {
        Consuming() {
            super("earliest");
        }

        @Override
        public synchronized List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
            failIfAsked("partitions", topic);
            Node leader = topic.equals(failing.get("leader")) ? null : NODE;
            return List.of(new PartitionInfo(topic, 0, leader, new Node[] {NODE}, new Node[] {NODE}));
        }

        @Override
        public synchronized Map<TopicPartition, Long> beginningOffsets(
                Collection<TopicPartition> partitions, Duration timeout) {
            return offsets(partitions, 0);
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
                Collection<TopicPartition> partitions, Duration timeout) {
            return offsets(partitions, 1);
        }

        private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, long offset) {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (TopicPartition each : partitions) {
                failIfAsked("offsets", each.topic());
                offsets.put(each, offset);
            }
            return offsets;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            for (TopicPartition each : assignment()) {
                failIfAsked("fetch", each.topic());
                if (position(each) == 0) {
                    String app = each.topic().equals(BAD) ? "bad" : "good";
                    byte[] key = ("id|" + route(app).destinations().get(0).id()).getBytes(StandardCharsets.UTF_8);
                    addRecord(new ConsumerRecord<>(each.topic(), 0, 0, key, new byte[1]));
                }
            }
            return super.poll(timeout);
        }

        private void failIfAsked(String request, String topic) {
            if (topic.equals(failing.get(request))) {
                throw request.equals("offsets")
                        ? new TimeoutException("simulated")
                        : new TopicAuthorizationException(Set.of(topic));
            }
        }

        @Override
        public synchronized void close(CloseOptions options) {
            closed++;
            super.close(options);
        }
    }

    private static Route route(String app) {
        return TestRoute.of(app, app, "http://" + app + ":1/").build();
    }

    private void steps() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            role.step();
        }
    }

    private void stepsAfter(Duration wait) throws InterruptedException {
        clock.advance(wait);
        steps();
    }

    /** Counted for any address; -1: there is no meter. */
    private double open(String app) {
        Collection<Gauge> gauges =
                registry.find("relay.dispatch.dead.letters").tag("app_id", app).gauges();
        return gauges.isEmpty() ? -1 : gauges.stream().mapToDouble(Gauge::value).sum();
    }

    private void checkTheOtherIsCounted(String request) throws InterruptedException {
        failing.put(request, BAD);
        steps();
        assertThat(open("good")).isEqualTo(1);
        assertThat(open("bad")).isEqualTo(-1);

        failing.clear();
        stepsAfter(Duration.ofMinutes(10));
        assertThat(open("bad")).isEqualTo(1);
        assertThat(open("good")).isEqualTo(1);
        assertThat(closed).isZero();
    }

    @Test
    void aRefusedTopicStopsNoOtherCount() throws InterruptedException {
        checkTheOtherIsCounted("partitions");
    }

    @Test
    void aTopicWhoseOffsetsAreUnknownStopsNoOtherCount() throws InterruptedException {
        checkTheOtherIsCounted("offsets");
    }

    @Test
    void aPartitionWithoutLeaderStopsNoOtherCount() throws InterruptedException {
        checkTheOtherIsCounted("leader");
    }

    @Test
    void aRefusedFetchStopsNoOtherCount() throws InterruptedException {
        checkTheOtherIsCounted("fetch");
    }

    @Test
    void aTopicIsTriedAgainSoon() throws InterruptedException {
        failing.put("leader", BAD);
        steps();
        failing.clear();
        stepsAfter(Duration.ofSeconds(30));
        assertThat(open("bad")).isEqualTo(1);
    }

    @Test
    void aCountStandsStillAndNeverSaysZero() throws InterruptedException {
        steps();
        assertThat(open("bad")).isEqualTo(1);

        failing.put("leader", BAD);
        stepsAfter(Duration.ofMinutes(10));
        assertThat(open("bad")).isEqualTo(1);
        assertThat(open("good")).isEqualTo(1);
    }

    @Test
    void aCountThatStandsStillLeavesWithItsApp() throws InterruptedException {
        steps();
        failing.put("leader", BAD);
        stepsAfter(Duration.ofMinutes(10));
        role.routes(List.of(route("good")));
        steps();
        assertThat(open("bad")).isEqualTo(-1);
        assertThat(open("good")).isEqualTo(1);
    }

    @Test
    void aFailureOfAllTopicsReplacesTheConsumer() throws InterruptedException {
        consumer.setPollException(new KafkaException("simulated"));
        steps();
        assertThat(closed).isEqualTo(1);
        stepsAfter(Duration.ofSeconds(30));
        assertThat(open("good")).isEqualTo(1);
    }
}
