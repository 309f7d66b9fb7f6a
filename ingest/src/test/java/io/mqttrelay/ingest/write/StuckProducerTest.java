package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A producer that never stores a batch although its partition could store it is replaced, without an effect on other
 * apps.
 */
class StuckProducerTest {
    private final ManualClock clock = ManualClock.create();
    private final Map<TopicPartition, List<String>> stored = new HashMap<>();
    private final List<BatchingProducer> producers = new ArrayList<>();
    private final List<TestWrite> writes = new ArrayList<>();
    private final RecordWriter writer = new RecordWriter(
            List.of("stuck", "well"),
            app -> app,
            new RecordWriter.Producers(this::producer, this::largeProducer),
            new RecordWriter.Limits(1 << 20, BatchingProducer.BATCH_SIZE),
            clock.nanoTime(),
            Runnable::run);
    private boolean healthy = true;
    private boolean canBeMade = true;
    private Integer partitionsOfWell = 1;
    private int number;

    private BatchingProducer producer() {
        if (!canBeMade) {
            throw new KafkaException("No resolvable bootstrap urls given in bootstrap.servers");
        }
        BatchingProducer producer =
                new BatchingProducer(stored).topic("stuck", 1).topic("well", partitionsOfWell);
        producers.add(producer);
        return producer;
    }

    private BatchingProducer largeProducer() {
        return new BatchingProducer(stored).topic("stuck", 1).topic("well", partitionsOfWell);
    }

    @BeforeEach
    void begin() {
        writer.topics(new RecordWriter.Topics() {
            @Override
            public void want(String appId) {
                writer.topicsReady(appId);
            }

            @Override
            public void examine(List<RecordWriter.Suspect> suspects) {
                writer.examined(suspects, healthy ? Set.copyOf(suspects) : Set.of());
            }
        });
        writer.topicsReady("stuck");
        writer.topicsReady("well");
        steps(Duration.ZERO);
        write("stuck");
        write("stuck");
        steps(Duration.ZERO);
    }

    private void write(String app) {
        TestWrite write = new TestWrite(app, "key", "%04d-".formatted(number++));
        writes.add(write);
        writer.write(write);
    }

    private void steps(Duration time) {
        clock.advance(time);
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMillis(50));
            try {
                writer.step(0);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /**
     * Lets time pass. A message of the other app is always in flight; Kafka never answers the stuck app's first
     * batch.
     */
    private void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            write("well");
            steps(Duration.ofSeconds(1));
            for (BatchingProducer producer : producers) {
                producer.drain();
                producer.storeAllOf("well");
            }
            write("well");
        }
    }

    @Test
    void isReplacedAndNothingIsStoredTwice() {
        pass(Duration.ofSeconds(100));
        assertThat(producers).hasSize(1);
        pass(Duration.ofSeconds(60));
        assertThat(producers).hasSize(2);
        assertThat(producers.get(0).isShut()).isTrue();
        steps(Duration.ZERO);
        producers.get(1).storeAll();
        steps(Duration.ZERO);
        producers.get(1).storeAll();

        assertThat(writes).extracting(write -> write.end).containsOnly("stored");
        assertThat(stored.get(new TopicPartition("stuck", 0))).containsExactly("0000-0", "0001-0");
        assertThat(stored.get(new TopicPartition("well", 0)))
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(writes.size() - 2);
    }

    @Test
    void isKeptWhileThePartitionCannotTakeRecords() {
        healthy = false;
        pass(Duration.ofMinutes(10));
        assertThat(producers).hasSize(1);
        healthy = true;
        pass(Duration.ofSeconds(50));
        assertThat(producers).as("it has its time to recover").hasSize(1);
        pass(Duration.ofSeconds(30));
        assertThat(producers).hasSize(2);
    }

    @Test
    void servesTheOthersWhileNoOtherCanBeMade() {
        canBeMade = false;
        pass(Duration.ofSeconds(200));
        assertThat(producers).hasSize(1);
        assertThat(notStored("well")).isLessThan(5);
        canBeMade = true;
        pass(Duration.ofSeconds(20));
        assertThat(producers).hasSize(2);
    }

    @Test
    void servesTheOthersUntilTheNextOneKnowsTheirTopics() {
        partitionsOfWell = null;
        pass(Duration.ofSeconds(200));
        assertThat(producers).hasSize(2);
        assertThat(notStored("well")).isLessThan(5);
        producers.forEach(producer -> producer.topic("well", 1));
    }

    private long notStored(String app) {
        return writes.stream()
                .filter(write -> write.appId().equals(app) && write.end.isEmpty())
                .count();
    }

    @Test
    void isClosedOnlyAfterTheOthersAreStored() {
        pass(Duration.ofSeconds(90));
        while (producers.size() == 1) {
            producers.get(0).drain();
            producers.get(0).storeAllOf("well");
            write("well");
            steps(Duration.ofMillis(500));
        }
        steps(Duration.ZERO);
        assertThat(producers.get(0).isShut())
                .as("the other app's message is under way")
                .isFalse();
        producers.get(0).drain();
        producers.get(0).storeAllOf("well");
        steps(Duration.ZERO);
        assertThat(producers.get(0).isShut()).isTrue();
        assertThat(stored.get(new TopicPartition("well", 0))).doesNotHaveDuplicates();
    }
}
