package io.mqttrelay.dispatch.progress;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stores progress that does not fit into commits, in a compacted Kafka topic. The topic, the producer and the consumer
 * are made on first use. The role of the thread {@code dispatch-progress}.
 */
public final class ProgressTopic implements ProgressStore, Role {
    /** Makes the topic if it is missing. Blocks for a bounded time. */
    public interface Creation {
        /**
         * Checks for the topic, and creates it.
         *
         * @param create false: it is not created
         * @return whether the topic exists
         * @throws KafkaException if Kafka does not tell
         */
        boolean isThere(boolean create) throws InterruptedException;
    }

    /**
     * Clients that are made on first use.
     *
     * @param reader in no group; a position that the log does not hold is an error
     */
    public record Clients(Supplier<Producer<byte[], byte[]>> producer, Supplier<Consumer<byte[], byte[]>> reader) {}

    /** A request to this store. */
    private interface Task {
        void run() throws InterruptedException;
    }

    private static final Logger LOG = LogManager.getLogger(ProgressTopic.class);
    private static final long LOOK_MILLIS = 200;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration LAST_WRITES = Duration.ofSeconds(1);

    private final String topic;
    private final Creation creation;
    private final Clients clients;
    private final BlockingQueue<Task> asked = new LinkedBlockingQueue<>();

    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Consumer<byte[], byte[]> reader;
    private boolean there;
    private boolean told;

    /**
     * @param topic its name in Kafka
     * @param creation makes the topic on first use
     * @param clients makes the clients on first use
     */
    public ProgressTopic(String topic, Creation creation, Clients clients) {
        this.topic = topic;
        this.creation = creation;
        this.clients = clients;
    }

    @Override
    public CompletableFuture<Place> write(String key, byte[] value) {
        CompletableFuture<Place> stored = new CompletableFuture<>();
        asked.add(() -> send(key, value, stored));
        return stored;
    }

    @Override
    public void delete(String key) {
        asked.add(() -> send(key, null, new CompletableFuture<>()));
    }

    @Override
    public CompletableFuture<byte @Nullable []> read(String key, Place place) {
        CompletableFuture<byte @Nullable []> found = new CompletableFuture<>();
        asked.add(() -> find(key, place, found));
        return found;
    }

    @Override
    public void step() throws InterruptedException {
        Task next = asked.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
            next.run();
        }
    }

    @CalledOn("dispatch-progress")
    @SuppressWarnings("NullAway") // a record may have no value
    private void send(String key, byte @Nullable [] value, CompletableFuture<Place> stored)
            throws InterruptedException {
        try {
            if (!there) {
                there = creation.isThere(true);
            }
            if (producer == null) {
                producer = clients.producer().get();
            }
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    stored.complete(new Place(metadata.partition(), metadata.offset()));
                } else {
                    stored.completeExceptionally(failure);
                }
            });
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            tell(e);
            stored.completeExceptionally(e);
        }
    }

    private void tell(KafkaException e) {
        if (!told) {
            told = true;
            LOG.warn(
                    "{} cannot be written: {}; where very many topics are blocked, more deliveries are repeated after a crash."
                            + " Let this user create, write and read it",
                    topic,
                    e.getMessage());
        }
    }

    @CalledOn("dispatch-progress")
    private void find(String key, Place place, CompletableFuture<byte @Nullable []> found) throws InterruptedException {
        try {
            if (!creation.isThere(false)) {
                found.complete(null);
                return;
            }
            if (reader == null) {
                reader = clients.reader().get();
            }
            if (place.partition() >= reader.partitionsFor(topic, PATIENCE).size()) {
                found.complete(null); // the topic was deleted and created again
                return;
            }
            TopicPartition partition = new TopicPartition(topic, place.partition());
            reader.assign(List.of(partition));
            reader.seek(partition, place.offset());
            found.complete(first(reader, partition, key, place.offset()));
        } catch (OffsetOutOfRangeException e) {
            found.complete(null);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.debug("{} cannot be read, is tried again", topic, e);
            TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
            asked.add(() -> find(key, place, found));
        }
    }

    /** The value of the record at an offset; null: there is none, or it has another key. */
    private static byte @Nullable [] first(
            Consumer<byte[], byte[]> reader, TopicPartition partition, String key, long offset) {
        long end = reader.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
        while (offset < end && reader.position(partition, PATIENCE) <= offset) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL).records(partition)) {
                boolean same =
                        record.offset() == offset && Arrays.equals(record.key(), key.getBytes(StandardCharsets.UTF_8));
                return same ? record.value() : null;
            }
        }
        return null;
    }

    /** Sends the last requested writes, if Kafka takes them at once, and closes the clients. */
    @Override
    public void close() throws InterruptedException {
        if (producer != null) {
            for (Task next = asked.poll(); next != null; next = asked.poll()) {
                next.run();
            }
            producer.close(LAST_WRITES);
        }
        if (reader != null) {
            reader.close();
        }
    }

    /**
     * Makes clients of the relay's Kafka.
     *
     * @param fetchBytes largest fetch response, unless one record is larger
     */
    public static Clients clients(KafkaClients clients, int fetchBytes) {
        return new Clients(() -> clients.producer("progress"), () -> clients.reader("progress", fetchBytes));
    }
}
