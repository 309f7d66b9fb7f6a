package io.mqttrelay.dispatch.observe;

import io.mqttrelay.common.thread.CalledOn;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The end offsets of partitions that are not fetched, asked for in the background. Never waits. The consumer's own request
 * would wait: Kafka answers the requests of a connection in order, and holds a fetch without data for half a second.
 */
@CalledOn("dispatch-consumer")
public final class EndOffsets {
    /** Asks Kafka. */
    public interface Source {
        /**
         * The end offset of each partition that Kafka answers for: the offset after the last readable record. Must not
         * block.
         */
        CompletableFuture<Map<TopicPartition, Long>> of(Collection<TopicPartition> partitions);
    }

    private final Source source;
    private @Nullable CompletableFuture<Map<TopicPartition, Long>> asked;
    private Map<TopicPartition, Long> known = Map.of();

    public EndOffsets(Source source) {
        this.source = source;
    }

    /** Returns Kafka's last answer for these partitions, and asks again. Answers for other partitions are dropped. */
    Map<TopicPartition, Long> of(Set<TopicPartition> partitions) {
        if (asked != null && asked.isDone()) {
            known = asked.isCompletedExceptionally() ? Map.of() : asked.join();
            asked = null;
        }
        known = new HashMap<>(known);
        known.keySet().retainAll(partitions);
        if (asked == null && !partitions.isEmpty()) {
            asked = source.of(Set.copyOf(partitions));
        }
        return known;
    }
}
