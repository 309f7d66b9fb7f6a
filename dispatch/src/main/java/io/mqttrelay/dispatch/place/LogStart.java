package io.mqttrelay.dispatch.place;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks now and then for log start offsets, which retention moves. Never waits. */
@CalledOn("dispatch-consumer")
public final class LogStart {
    private final LogRanges.Source ranges;
    private final Duration between;
    private final LongSupplier nanoTime;
    private @Nullable CompletableFuture<Map<TopicPartition, LogRanges.Range>> asked;
    private long next;

    /** @param between time between two requests */
    public LogStart(LogRanges.Source ranges, Duration between, LongSupplier nanoTime) {
        this.ranges = ranges;
        this.between = between;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    /**
     * Asks, if it is time, and hands on Kafka's answer.
     *
     * @param partitions to ask for
     * @param begins takes each partition of the answer, and its log start offset
     */
    public void step(Supplier<Collection<TopicPartition>> partitions, ObjLongConsumer<TopicPartition> begins) {
        long now = nanoTime.getAsLong();
        if (asked == null && now - next >= 0) {
            next = now + between.toNanos();
            Collection<TopicPartition> of = partitions.get();
            asked = of.isEmpty() ? null : ranges.of(of);
        }
        CompletableFuture<Map<TopicPartition, LogRanges.Range>> answer = asked;
        if (answer != null && answer.isDone()) {
            asked = null;
            if (!answer.isCompletedExceptionally()) {
                answer.join().forEach((partition, range) -> begins.accept(partition, range.beginning()));
            }
        }
    }
}
