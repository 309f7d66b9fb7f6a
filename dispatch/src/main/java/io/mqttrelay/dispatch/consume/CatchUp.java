package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.flow.WindowPolicy;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.CatchUpScan;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.window.AppWindows;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * The catch-up consumer: reads again, in {@link CatchUpScan}s, the records that addresses behind have not got. It is in no
 * group, never commits, and is polled without waiting, between two polls of the group consumer.
 */
@CalledOn("dispatch-consumer")
final class CatchUp {
    /** Most resting partitions whose data Kafka's client keeps; if more rest, all of them lose it. */
    static final int MOST_RESTING = 8;

    private static final int LARGE = 64 * 1024;
    private static final long ALONE_LONGEST = TimeUnit.MILLISECONDS.toNanos(500);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Assignments assignments;
    private final WindowPolicy policy;
    private final ConsumerLoop.Records records;
    private final LongSupplier nanoTime;
    private final Quarantine quarantine;

    private @Nullable Consumer<byte[], byte[]> consumer;
    /** In the order in which partitions fell behind. */
    private final Map<Assignment, CatchUpScan> scans = new LinkedHashMap<>();

    private Map<TopicPartition, CatchUpScan> reading = Map.of();
    /**
     * Partitions that are read one at a time: the data of one of them cannot be read, and the failure did not name it.
     */
    private final Set<TopicPartition> alone = new LinkedHashSet<>();

    private @Nullable TopicPartition suspect;
    private long suspectSince;
    /** Partitions whose last record was large: Kafka's client keeps it decompressed. */
    private final Set<TopicPartition> large = new HashSet<>();

    /**
     * @param consumers makes a consumer without a group, on first use
     * @param nanoTime a monotonic clock, nanoseconds
     */
    CatchUp(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Assignments assignments,
            WindowPolicy policy,
            ConsumerLoop.Records records,
            LongSupplier nanoTime) {
        this.consumers = consumers;
        this.assignments = assignments;
        this.policy = policy;
        this.records = records;
        this.nanoTime = nanoTime;
        this.quarantine = new Quarantine((assignment, aside) -> {}, nanoTime);
    }

    /** Whether a scan is reading. */
    boolean isReading() {
        return !reading.isEmpty();
    }

    /** Plans the scans, polls once, and hands over the records that are there at once. */
    void step() {
        reading = plan();
        if (reading.isEmpty()) {
            rest();
            return;
        }
        Consumer<byte[], byte[]> reader = reader();
        try {
            place(reader);
            var polled = reader.poll(Duration.ZERO);
            for (Map.Entry<TopicPartition, CatchUpScan> each : reading.entrySet()) {
                handOver(each.getValue(), polled.records(each.getKey()));
                each.getValue().readUpTo(position(reader, each.getKey()));
                assignments.touched(each.getValue().assignment());
                quarantine.progressed(
                        each.getValue().assignment(), each.getValue().position());
            }
            acquit(polled.partitions());
        } catch (OffsetOutOfRangeException e) {
            outOfRange(e.offsetOutOfRangePartitions().keySet());
        } catch (TopicAuthorizationException e) {
            refused(e);
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            if (!UnreadableData.isReasonOf(e)) {
                throw e;
            }
            unreadable(reader, e);
        }
    }

    /**
     * Clears partitions that were read, and one that did not fail for {@link #ALONE_LONGEST}: they are not the
     * unreadable one.
     */
    private void acquit(Set<TopicPartition> read) {
        alone.removeAll(read);
        TopicPartition only = alone.stream().findFirst().orElse(null);
        if (!Objects.equals(only, suspect)) {
            suspect = only;
            suspectSince = nanoTime.getAsLong();
        } else if (only != null && nanoTime.getAsLong() - suspectSince > ALONE_LONGEST) {
            alone.remove(only);
        }
    }

    /** Handles offsets that retention has deleted: {@link Assignments} finds the log start offset. */
    private void outOfRange(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            CatchUpScan scan = reading.get(partition);
            if (scan != null) {
                offsets.put(partition, scan.position());
                scans.remove(scan.assignment()); // a new scan begins where there is something to read
            }
        }
        assignments.outOfRange(offsets, Map.of());
    }

    private void refused(TopicAuthorizationException refusal) {
        reading.forEach((partition, scan) -> {
            if (refusal.unauthorizedTopics().contains(partition.topic())) {
                quarantine.refused(scan.assignment(), scan.position(), String.valueOf(refusal.getMessage()));
            }
        });
    }

    private void unreadable(Consumer<byte[], byte[]> reader, RuntimeException failure) {
        Optional<TopicPartition> partition = UnreadableData.partition(failure, reading.keySet());
        if (partition.isEmpty() && reading.size() == 1) {
            partition = reading.keySet().stream().findFirst();
        }
        CatchUpScan scan = partition.map(reading::get).orElse(null);
        if (scan == null) {
            alone.addAll(reading.keySet());
            reader.assign(Set.of()); // discards the fetched data
            return;
        }
        quarantine.failed(scan.assignment(), scan.position(), String.valueOf(failure.getMessage()));
        Set<TopicPartition> others = new HashSet<>(reader.assignment());
        others.remove(scan.assignment().partition());
        reader.assign(others); // discards the fetched data of this partition
    }

    void lookAtQuarantine() {
        quarantine.step();
    }

    List<String> problems() {
        return quarantine.problems();
    }

    int unreadable(AppWindows app) {
        return quarantine.of(app.appId());
    }

    /** Addresses were added or removed: discards all scans. */
    void startOver() {
        scans.clear();
    }

    private Map<TopicPartition, CatchUpScan> plan() {
        for (Assignment assignment : assignments.active()) {
            if (assignment.isAnybodyBehind()) {
                scans.computeIfAbsent(assignment, behind -> new CatchUpScan(behind, policy));
            }
        }
        scans.keySet().removeIf(assignment -> !assignment.isCurrent() || !assignment.isAnybodyBehind());
        Map<TopicPartition, CatchUpScan> planned = new LinkedHashMap<>();
        scans.forEach((assignment, scan) -> {
            if (!quarantine.isAside(assignment) && scan.plan()) {
                planned.put(assignment.partition(), scan);
            }
        });
        alone.retainAll(planned.keySet());
        alone.stream().findFirst().ifPresent(only -> planned.keySet().retainAll(Set.of(only)));
        return planned;
    }

    private Consumer<byte[], byte[]> reader() {
        if (consumer == null) {
            consumer = consumers.get();
        }
        return consumer;
    }

    private void rest() {
        if (consumer != null
                && (scans.isEmpty() || !large.isEmpty())
                && !consumer.assignment().isEmpty()) {
            large.clear();
            consumer.assign(Set.of());
        }
    }

    /**
     * Assigns the partitions to read. A few resting partitions stay assigned and keep their prefetched data, unless
     * records are large.
     */
    private void place(Consumer<byte[], byte[]> reader) {
        Set<TopicPartition> before = reader.assignment();
        Set<TopicPartition> behind = new LinkedHashSet<>(reading.keySet());
        Set<TopicPartition> restingBefore = new LinkedHashSet<>();
        for (Assignment assignment : scans.keySet()) {
            TopicPartition partition = assignment.partition();
            if (!behind.contains(partition)
                    && before.contains(partition)
                    && !quarantine.isAside(assignment)
                    && !large.contains(partition)) {
                restingBefore.add(partition);
            }
        }
        if (restingBefore.size() <= MOST_RESTING) {
            behind.addAll(restingBefore);
        }
        if (!before.equals(behind)) {
            Set<TopicPartition> added = new HashSet<>(behind);
            added.removeAll(before);
            reader.assign(behind);
            added.forEach(partition -> reader.seek(partition, 0)); // any offset: without one, poll would ask Kafka
        }
        Set<TopicPartition> resting = new HashSet<>(behind);
        resting.removeAll(reading.keySet());
        reader.pause(resting);
        reader.resume(reading.keySet());
        reading.forEach((partition, scan) -> {
            if (position(reader, partition) != scan.position()) {
                reader.seek(partition, scan.position());
            }
        });
    }

    /** -1: not known at present, as while the partition's leader changes. */
    private static long position(Consumer<byte[], byte[]> reader, TopicPartition partition) {
        try {
            return reader.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            return -1;
        }
    }

    private void handOver(CatchUpScan scan, List<ConsumerRecord<byte[], byte[]>> polled) {
        int bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (!scan.comesTo(record.offset())) {
                break;
            }
            records.accept(
                    record,
                    new RecordContext(
                            scan.assignment(), scan, record.offset(), record.timestamp(), RecordMemory.of(record)));
            scan.readUpTo(record.offset() + 1);
            bytes = RecordMemory.of(record);
        }
        records.accepted();
        if (bytes >= LARGE) {
            large.add(scan.assignment().partition());
        } else if (bytes > 0) {
            large.remove(scan.assignment().partition());
        }
    }

    void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
