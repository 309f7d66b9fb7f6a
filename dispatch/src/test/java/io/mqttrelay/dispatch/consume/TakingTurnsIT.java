package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.dispatch.member.DrainingAssignor;
import io.mqttrelay.dispatch.member.Heartbeat;
import io.mqttrelay.dispatch.member.MemberReference;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.ProgressStore;
import io.mqttrelay.dispatch.window.ConsumedApp;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The loop with a real Kafka, where two partitions have a backlog, both within one fetch. */
@ExtendWith(SharedBrokers.class)
final class TakingTurnsIT {
    private static final int EACH = 3_000;
    private static final long KEY = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String topic = TestTopics.uniqueName("turns");
    /** The partition of each record, in the order of handover. */
    private final List<Integer> order = new ArrayList<>();

    /** A callback that answers at once, and could always take more. */
    private final class Delivered extends TakesAll {
        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
            OffsetState state = context.take(KEY, null);
            if (state != null) {
                order.add(record.partition());
                state.done();
            }
        }
    }

    @Test
    void noPartitionIsReadToItsEndBeforeTheOtherHasATurn(EmbeddedKafka kafka) throws InterruptedException {
        write(kafka);
        ConsumerLoop loop = loop(kafka);
        loop.start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (order.size() < 2 * EACH && System.nanoTime() < deadline) {
            loop.step();
        }
        loop.close();

        assertThat(order).hasSize(2 * EACH);
        // a turn is 200 records and the rest of one poll; a slow machine may begin a new turn half way
        assertThat(longestRun()).isLessThan(EACH / 3);
    }

    private void write(EmbeddedKafka kafka) {
        TestTopics.create(kafka.bootstrapServers(), topic, 2, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < 2 * EACH; i++) {
                var unused = producer.send(new ProducerRecord<>(topic, i % 2, new byte[1], new byte[10]));
            }
        }
    }

    private ConsumerLoop loop(EmbeddedKafka kafka) {
        KafkaClients clients = new KafkaClients(
                new KafkaSettings(
                        kafka.bootstrapServers(),
                        topic,
                        2,
                        null,
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        Map.of(),
                        Map.of(),
                        Map.of()),
                "test");
        ConsumedApp app = TestApps.app("app", KEY);
        return new ConsumerLoop(
                new ConsumerLoop.Consumers(
                        clients.consumer(
                                "consumer",
                                new KafkaClients.GroupMember(
                                        topic, DrainingAssignor.class, Map.of(), Duration.ofMinutes(1), 1),
                                1 << 20),
                        new MemberReference(),
                        () -> clients.reader("catch-up", 1 << 20),
                        topics -> new CompletableFuture<>(),
                        partitions -> new CompletableFuture<>(),
                        TestApps.ranges(clients.reader("ranges", 1 << 20)),
                        ProgressStore.NONE),
                Map.of(topic, app),
                new Delivered(),
                new ConsumerLoop.Bounds(64 << 20, 10_000, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                new ConsumerMeters(new SimpleMeterRegistry(), List.of(app)),
                ConsumerTime.system(Clock.systemUTC()),
                new Heartbeat(clients.sessionTimeout(), System::nanoTime));
    }

    /** The most records of one partition in a row, while both had some left. */
    private int longestRun() {
        int[] read = new int[2];
        int longest = 0;
        int run = 0;
        int before = -1;
        for (int partition : order) {
            run = partition == before ? run + 1 : 1;
            longest = Math.max(longest, run);
            before = partition;
            read[partition]++;
            if (read[partition] == EACH) {
                return longest;
            }
        }
        return longest;
    }
}
