package io.mqttrelay.dispatch.place;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** The log start and end offsets of partitions. */
public final class LogRanges {
    /**
     * The offsets of one partition's log.
     *
     * @param beginning the log start offset
     * @param end the offset after the last readable record
     */
    public record Range(long beginning, long end) {}

    /** Asks Kafka. */
    public interface Source {
        /**
         * The range of each partition whose leader answers. A partition without a leader delays no other for long. Must
         * not block.
         */
        CompletableFuture<Map<TopicPartition, Range>> of(Collection<TopicPartition> partitions);
    }

    private LogRanges() {}
}
