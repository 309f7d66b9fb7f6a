package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The second consumer: reads again, by {@link Pass}es, what addresses that are behind have not got. It is in no group, never
 * commits, and is polled without waiting, between the polls of the first.
 */
@CalledOn("dispatch-consumer")
final class CatchUp {
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Assignments assignments;
    private final Room room;
    private final ConsumerLoop.Records records;

    private @Nullable Consumer<byte[], byte[]> consumer;
    private final Map<Assignment, Pass> passes = new HashMap<>();
    private Map<TopicPartition, Pass> reading = Map.of();

    /** @param consumers makes a consumer without a group, when it is needed first */
    CatchUp(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Assignments assignments,
            Room room,
            ConsumerLoop.Records records) {
        this.consumers = consumers;
        this.assignments = assignments;
        this.room = room;
        this.records = records;
    }

    /** Whether somebody is being fed. */
    boolean isReading() {
        return !reading.isEmpty();
    }

    /** Plans, and hands over what is there to be had at once. */
    void step() {
        reading = plan();
        if (reading.isEmpty()) {
            rest();
            return;
        }
        Consumer<byte[], byte[]> reader = reader();
        place(reader);
        try {
            var polled = reader.poll(Duration.ZERO);
            for (Map.Entry<TopicPartition, Pass> each : reading.entrySet()) {
                handOver(each.getValue(), polled.records(each.getKey()));
                each.getValue().readUpTo(position(reader, each.getKey()));
                assignments.touched(each.getValue().assignment());
            }
        } catch (OffsetOutOfRangeException e) {
            records.withdraw(assignments.outOfRange(e.offsetOutOfRangePartitions()));
            passes.clear(); // they begin anew, where there is something to be read
        } catch (KafkaException e) {
            if (Refetch.helps(e)) {
                reader.assign(Set.of()); // it lets go of what it has fetched; placed again next time
            }
            throw e;
        }
    }

    /** Addresses came or went: passes begin anew. */
    void startOver() {
        passes.clear();
    }

    private Map<TopicPartition, Pass> plan() {
        for (Assignment assignment : assignments.active()) {
            if (assignment.isAnybodyBehind()) {
                passes.computeIfAbsent(assignment, behind -> new Pass(behind, room));
            }
        }
        passes.keySet().removeIf(assignment -> !assignment.isCurrent() || !assignment.isAnybodyBehind());
        Map<TopicPartition, Pass> planned = new LinkedHashMap<>();
        passes.forEach((assignment, pass) -> {
            if (pass.plan()) {
                planned.put(assignment.partition(), pass);
            }
        });
        return planned;
    }

    private Consumer<byte[], byte[]> reader() {
        if (consumer == null) {
            consumer = consumers.get();
        }
        return consumer;
    }

    private void rest() {
        if (consumer != null && passes.isEmpty() && !consumer.assignment().isEmpty()) {
            consumer.assign(Set.of());
        }
    }

    /** Those who rest stay assigned, and what was fetched ahead for them is kept. */
    private void place(Consumer<byte[], byte[]> reader) {
        Set<TopicPartition> behind = new HashSet<>();
        passes.keySet().forEach(assignment -> behind.add(assignment.partition()));
        Set<TopicPartition> before = reader.assignment();
        if (!before.equals(behind)) {
            Set<TopicPartition> added = new HashSet<>(behind);
            added.removeAll(before);
            reader.assign(behind);
            added.forEach(partition -> reader.seek(partition, 0)); // any position: without one, poll would ask for it
        }
        Set<TopicPartition> resting = new HashSet<>(behind);
        resting.removeAll(reading.keySet());
        reader.pause(resting);
        reader.resume(reading.keySet());
        reading.forEach((partition, pass) -> {
            if (position(reader, partition) != pass.position()) {
                reader.seek(partition, pass.position());
            }
        });
    }

    /** -1: not known just now, as while the partition's leader changes. */
    private static long position(Consumer<byte[], byte[]> reader, TopicPartition partition) {
        try {
            return reader.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            return -1;
        }
    }

    private void handOver(Pass pass, List<ConsumerRecord<byte[], byte[]>> polled) {
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (!pass.comesTo(record.offset())) {
                break;
            }
            records.accept(
                    record,
                    new Reading(pass.assignment(), pass, record.offset(), record.timestamp(), RecordSize.of(record)));
            pass.readUpTo(record.offset() + 1);
        }
        records.accepted();
    }

    void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
