package io.mqttrelay.testkit.fakekafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * The common part of group members and readers: assigned partitions, fetch positions, pauses and polls. A fetch
 * position outside of the log makes the poll throw, as with {@code auto.offset.reset=none}. One thread.
 */
public abstract class FakeConsumer extends UnsimulatedConsumer {
    private static final long NONE = -1;

    private final String name;
    private final FakeKafka kafka;
    private final Network network;
    /** The fetch position of each assigned partition. */
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();

    private final Set<TopicPartition> paused = new LinkedHashSet<>();
    private final Map<TopicPartition, Long> endsSeen = new HashMap<>();
    private boolean closed;

    FakeConsumer(String name, FakeKafka kafka, Network network) {
        this.name = name;
        this.kafka = kafka;
        this.network = network;
    }

    /** The name, for messages and for a {@link Network} that treats consumers differently. */
    public String name() {
        return name;
    }

    Network network() {
        return network;
    }

    @Override
    public Set<TopicPartition> assignment() {
        return new LinkedHashSet<>(positions.keySet()); // in the same order in every run
    }

    void add(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> positions.putIfAbsent(partition, NONE));
    }

    void remove(Collection<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
        paused.removeAll(partitions);
        endsSeen.keySet().removeAll(partitions);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        checkAssigned(partition);
        positions.put(partition, offset);
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        return checkAssigned(partition);
    }

    private long checkAssigned(TopicPartition partition) {
        Long position = positions.get(partition);
        if (position == null) {
            throw new IllegalStateException(name + " does not have " + partition);
        }
        return position;
    }

    @Override
    public Set<TopicPartition> paused() {
        return new LinkedHashSet<>(paused);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        partitions.forEach(this::checkAssigned);
        paused.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        partitions.forEach(this::checkAssigned);
        paused.removeAll(partitions);
    }

    /** The lag at the last poll; known only for a partition that was fetched. */
    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        long position = checkAssigned(partition);
        Long end = endsSeen.get(partition);
        return end == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, end - position));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        network.before(this, Network.Request.POLL);
        serveCoordinator();
        ConsumerRecords<byte[], byte[]> fetched = fetch();
        if (fetched.isEmpty() && !timeout.isZero()) {
            network.await(this, timeout);
        }
        return fetched;
    }

    /** Handles rebalances and commit answers within a poll. */
    abstract void serveCoordinator();

    private ConsumerRecords<byte[], byte[]> fetch() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = new LinkedHashMap<>();
        Map<TopicPartition, Long> outOfRange = new LinkedHashMap<>();
        for (TopicPartition partition : List.copyOf(positions.keySet())) {
            long position = positions.getOrDefault(partition, NONE);
            FakeLog log = kafka.log(partition);
            if (position == NONE) {
                throw new NoOffsetForPartitionException(partition);
            } else if (paused.contains(partition)) {
                continue;
            } else if (position < log.beginning() || position > log.end()) {
                outOfRange.put(partition, position);
                continue;
            }
            endsSeen.put(partition, log.end());
            List<ConsumerRecord<byte[], byte[]>> records = fetch(partition, log, position);
            if (!records.isEmpty()) {
                fetched.put(partition, records);
            }
        }
        if (fetched.isEmpty() && !outOfRange.isEmpty()) {
            throw new OffsetOutOfRangeException(outOfRange);
        }
        return new ConsumerRecords<>(fetched, Map.of());
    }

    private List<ConsumerRecord<byte[], byte[]>> fetch(TopicPartition partition, FakeLog log, long position) {
        int most = position < log.end() ? network.records(this, partition) : 0;
        if (most < 1) {
            return List.of();
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(log.read(position, most));
        records.forEach(record -> network.brings(this, record));
        // the last record is followed by a gap, or by nothing
        positions.put(
                partition,
                records.isEmpty() ? log.end() : records.get(records.size() - 1).offset() + 1);
        return records;
    }

    void closed() {
        closed = true;
        remove(assignment());
    }
}
