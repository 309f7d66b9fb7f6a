package io.mqttrelay.ingest.write;

import io.mqttrelay.common.record.RecordSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * A producer that forms batches as Kafka's does. A record goes into its partition's open batch while it fits, until
 * the client's thread drains the batch. A drain may happen between any two sends, but not while that thread runs a
 * callback. A batch is stored or refused as a whole. A refused batch lets the next one of its partition pass, as
 * Kafka's does.
 */
final class BatchingProducer extends MockProducer<byte[], byte[]> {
    static final int BATCH_SIZE = 3000;

    private final Map<String, Integer> partitions = new TreeMap<>();
    private final Map<TopicPartition, Batch> open = new LinkedHashMap<>();
    private final List<Batch> drained = new ArrayList<>();
    private final Map<TopicPartition, List<String>> stored;
    private BooleanSupplier drainsNow = () -> false;
    private int callbacks;
    private boolean shut;
    RuntimeException refusesAtOnce;
    int largestBatch;

    private static final class Batch {
        final TopicPartition partition;
        final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        final List<Callback> callbacks = new ArrayList<>();
        int bytes;

        Batch(TopicPartition partition) {
            this.partition = partition;
        }
    }

    BatchingProducer() {
        this(new HashMap<>());
    }

    /** @param stored gets the stored records, perhaps of several producers */
    BatchingProducer(Map<TopicPartition, List<String>> stored) {
        super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.stored = stored;
    }

    /** @param count null: the topic is not in the metadata */
    BatchingProducer topic(String name, Integer count) {
        partitions.put(name, count);
        return this;
    }

    /** Called before each send outside of callbacks; true: drain first. */
    void drains(BooleanSupplier when) {
        drainsNow = when;
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        Integer count = partitions.get(topic);
        if (count == null) {
            throw new TimeoutException("Topic " + topic + " not present in metadata after 0 ms.");
        }
        Node node = new Node(1, "localhost", 9092);
        return Collections.nCopies(count, new PartitionInfo(topic, 0, node, new Node[] {node}, new Node[] {node}));
    }

    @Override
    public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        if (shut) {
            throw new IllegalStateException("Cannot perform operation after producer has been closed");
        }
        if (callbacks == 0 && drainsNow.getAsBoolean()) {
            drain();
        }
        if (refusesAtOnce != null) {
            callback.onCompletion(null, refusesAtOnce);
            return new CompletableFuture<>();
        }
        int size = RecordSize.atMost(record);
        TopicPartition partition = partition(record);
        Batch batch = open.get(partition);
        if (batch != null && batch.bytes + size > BATCH_SIZE) {
            drained.add(batch);
            batch = null;
        }
        if (batch == null) {
            batch = new Batch(partition);
            open.put(partition, batch);
        }
        batch.records.add(record);
        batch.callbacks.add(callback);
        batch.bytes += size;
        return new CompletableFuture<>();
    }

    private TopicPartition partition(ProducerRecord<byte[], byte[]> record) {
        int count = partitions.get(record.topic()) == null ? 1 : partitions.get(record.topic());
        Integer chosen = record.partition();
        return new TopicPartition(
                record.topic(),
                chosen != null
                        ? chosen
                        : record.key() == null ? 0 : Utils.toPositive(Utils.murmur2(record.key())) % count);
    }

    /** Drains the open batches: they are in flight from now on. */
    void drain() {
        drained.addAll(open.values());
        open.clear();
    }

    int underWay() {
        return drained.size();
    }

    /** The records in flight or in open batches, as {@code topic:value}. */
    List<String> sent() {
        return Stream.concat(drained.stream(), open.values().stream())
                .flatMap(batch -> batch.records.stream())
                .map(BatchingProducer::text)
                .toList();
    }

    /** The stored records of a topic, partition after partition, each in its order. */
    List<String> stored(String topic) {
        List<String> all = new ArrayList<>();
        stored.forEach((partition, values) -> {
            if (partition.topic().equals(topic)) {
                all.addAll(values);
            }
        });
        return all;
    }

    List<String> stored(String topic, int partition) {
        return stored.getOrDefault(new TopicPartition(topic, partition), List.of());
    }

    private static String text(ProducerRecord<byte[], byte[]> record) {
        return record.topic() + ":" + value(record);
    }

    private static String value(ProducerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    /** Stores the batch in flight number {@code index}, unless an earlier one of its partition is in flight. */
    void store(int index) {
        Batch batch = drained.remove(first(index));
        largestBatch = Math.max(largestBatch, batch.records.size());
        List<String> log = stored.computeIfAbsent(batch.partition, key -> new ArrayList<>());
        batch.records.forEach(record -> log.add(value(record)));
        complete(batch, null);
    }

    /** Refuses the batch in flight number {@code index}. */
    void refuse(int index, RuntimeException why) {
        complete(drained.remove(first(index)), why);
    }

    private int first(int index) {
        TopicPartition partition = drained.get(index).partition;
        for (int i = 0; i < index; i++) {
            if (drained.get(i).partition.equals(partition)) {
                return i;
            }
        }
        return index;
    }

    private void complete(Batch batch, RuntimeException failure) {
        callbacks++;
        try {
            batch.callbacks.forEach(callback -> callback.onCompletion(null, failure));
        } finally {
            callbacks--;
        }
    }

    /** Drains and stores all batches. */
    void storeAll() {
        drain();
        while (!drained.isEmpty()) {
            store(0);
            drain();
        }
    }

    /** Stores all batches in flight of this topic. */
    void storeAllOf(String topic) {
        for (int i = drained.size() - 1; i >= 0; i--) {
            if (drained.get(i).partition.topic().equals(topic)) {
                store(i);
            }
        }
    }

    boolean isShut() {
        return shut;
    }

    @Override
    public void close(Duration limit) {
        shut = true;
        drain();
        List<Batch> aborted = List.copyOf(drained);
        drained.clear();
        aborted.forEach(batch -> complete(batch, new KafkaException("Producer is closed forcefully.")));
    }
}
