package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;

/** With any refusals by Kafka, each key's messages are stored once and in the order of arrival. */
class StoredOrderTest {
    private static final int KEYS = 6;
    private static final int LARGE = 300_000;

    @Property(tries = 1000)
    void storesEachKeyOnceInTheOrderOfArrival(@ForAll long seed, @ForAll @IntRange(min = 1, max = 250) int count) {
        new Run(new Random(seed)).messages(count);
    }

    private static final class Run {
        private final Random random;
        private final ManualClock clock = ManualClock.create();
        private final Map<TopicPartition, List<String>> stored = new HashMap<>();
        private final List<BatchingProducer> producers = new ArrayList<>();
        private final List<TestWrite> writes = new ArrayList<>();
        private final RecordWriter writer = new RecordWriter(
                List.of("a", "b"),
                app -> app,
                new RecordWriter.Producers(this::producer, this::producer),
                new RecordWriter.Limits(40_000, BatchingProducer.BATCH_SIZE),
                clock.nanoTime(),
                Runnable::run);

        Run(Random random) {
            this.random = random;
        }

        private BatchingProducer producer() {
            BatchingProducer producer =
                    new BatchingProducer(stored).topic("a", 3).topic("b", 2);
            producer.drains(() -> random.nextInt(3) == 0);
            producers.add(producer);
            return producer;
        }

        void messages(int count) {
            ready();
            while (writes.size() < count) {
                act();
            }
            for (int round = 0; round < 300 && writes.stream().anyMatch(write -> write.end.isEmpty()); round++) {
                step(6000);
                ready();
                producers.forEach(BatchingProducer::storeAll);
            }
            assertThat(writes).extracting(write -> write.end).containsOnly("stored");
            assertInOrder();
        }

        private void act() {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> write(1 + random.nextInt(12));
                case 3 -> step(random.nextInt(300));
                case 4 -> each(BatchingProducer::drain);
                case 5, 6 -> each(producer -> producer.store(random.nextInt(producer.underWay())));
                default -> {
                    each(producer -> producer.refuse(random.nextInt(producer.underWay()), failure()));
                    if (random.nextBoolean()) {
                        step(random.nextInt(300));
                        ready();
                    }
                }
            }
        }

        private void each(Consumer<BatchingProducer> action) {
            for (BatchingProducer producer : List.copyOf(producers)) {
                if (producer.underWay() == 0) {
                    producer.drain();
                }
                if (producer.underWay() > 0) {
                    action.accept(producer);
                }
            }
        }

        private void write(int many) {
            for (int i = 0; i < many; i++) {
                String app = random.nextInt(4) == 0 ? "b" : "a";
                // sometimes one key gets all messages
                String key = "k" + (random.nextInt(3) == 0 ? 0 : random.nextInt(KEYS));
                long bytes = random.nextInt(10) == 0 ? LARGE : 1;
                TestWrite write = new TestWrite(app, key, key + "-%04d-".formatted(writes.size()), bytes);
                writes.add(write);
                writer.write(write);
            }
        }

        private RuntimeException failure() {
            return switch (random.nextInt(8)) {
                case 0 -> new TopicAuthorizationException("a");
                case 1 -> new UnknownServerException("?");
                case 2 -> new InvalidTimestampException("too old");
                case 3 -> new OutOfOrderSequenceException("a gap");
                case 4 -> new KafkaException("it was part of a batch which had one more more invalid records");
                case 5 -> new SaslAuthenticationException("the password was changed");
                case 6 -> new ProducerFencedException("another took its place");
                default -> new TimeoutException("no metadata");
            };
        }

        private void ready() {
            writer.topicsReady("a");
            writer.topicsReady("b");
            step(0);
        }

        private void step(int millis) {
            clock.advance(Duration.ofMillis(millis));
            for (int i = 0; i < 3; i++) {
                clock.advance(Duration.ofMillis(50));
                try {
                    writer.step(0);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        private void assertInOrder() {
            stored.forEach((partition, values) -> {
                assertThat(new HashSet<>(values))
                        .as("%s: %s", partition, values)
                        .hasSameSizeAs(values);
                for (int key = 0; key < KEYS; key++) {
                    String prefix = "k" + key + "-";
                    assertThat(values)
                            .filteredOn(value -> value.startsWith(prefix))
                            .isSorted();
                }
            });
        }
    }
}
