package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where the logs of partitions end that are not fetched. Never waits: the consumer's own question would, since Kafka answers
 * a connection in order and keeps a fetch that finds nothing for half a second.
 */
@CalledOn("dispatch-consumer")
public final class LogEnds {
    /** Whom to ask. */
    public interface Source {
        /** The offset behind the last record that may be read, of each partition of which Kafka says it. Must not block. */
        CompletableFuture<Map<TopicPartition, Long>> of(Collection<TopicPartition> partitions);
    }

    private final Source source;
    private @Nullable CompletableFuture<Map<TopicPartition, Long>> asked;
    private Map<TopicPartition, Long> known = Map.of();

    LogEnds(Source source) {
        this.source = source;
    }

    /** What Kafka said last of these, at some earlier call; it is asked again. Others are forgotten. */
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
