package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the partition whose fetched data fails every poll, where the failure names none. It moves the fetch position of
 * half of the suspects, and polls. If the poll still fails, that half is cleared. If it does not, the data was
 * discarded, and the search goes on in that half at the next failure.
 */
@CalledOn("dispatch-consumer")
final class UnreadableSearch {
    private final Consumer<byte[], byte[]> consumer;
    private final BiConsumer<ConsumerRecords<byte[], byte[]>, Set<TopicPartition>> handOver;
    private Set<TopicPartition> suspects = Set.of();

    /** @param handOver takes the records of a poll of the search, except for the named partitions: theirs come again */
    UnreadableSearch(
            Consumer<byte[], byte[]> consumer,
            BiConsumer<ConsumerRecords<byte[], byte[]>, Set<TopicPartition>> handOver) {
        this.consumer = consumer;
        this.handOver = handOver;
    }

    /**
     * Continues the search after a failed poll.
     *
     * @param positions the fetch position of each suspect
     * @return empty: not found yet, polls go on for now
     */
    Optional<TopicPartition> find(Map<TopicPartition, Long> positions) {
        Set<TopicPartition> left = new LinkedHashSet<>(positions.keySet());
        left.retainAll(suspects);
        if (left.isEmpty()) {
            left.addAll(positions.keySet());
        }
        while (left.size() > 1) {
            Set<TopicPartition> half = new LinkedHashSet<>(List.copyOf(left).subList(0, left.size() / 2));
            if (!failsWithout(half, positions)) {
                suspects = half;
                return Optional.empty();
            }
            left.removeAll(half);
        }
        suspects = Set.of();
        return left.stream().findFirst();
    }

    private boolean failsWithout(Set<TopicPartition> half, Map<TopicPartition, Long> positions) {
        Set<TopicPartition> paused = new HashSet<>(consumer.paused());
        consumer.resume(half);
        half.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L) + 1));
        try {
            handOver.accept(consumer.poll(Duration.ZERO), half);
            return false;
        } catch (RuntimeException e) {
            if (!UnreadableData.isReasonOf(e)) {
                throw e;
            }
            return true;
        } finally {
            List<TopicPartition> still = new ArrayList<>(half);
            still.retainAll(consumer.assignment());
            still.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
            still.retainAll(paused);
            consumer.pause(still);
        }
    }
}
