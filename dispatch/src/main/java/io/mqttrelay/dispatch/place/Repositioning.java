package io.mqttrelay.dispatch.place;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.place.LogRanges.Range;
import io.mqttrelay.dispatch.position.Assignment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Partitions whose logs do not hold their fetch position. They are not read until Kafka has told the log start and end
 * offsets.
 */
@CalledOn("dispatch-consumer")
public final class Repositioning {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /**
     * Facts about the position that is looked for.
     *
     * @param cut the log is known to have been truncated there; {@link Long#MAX_VALUE}: not known
     * @param since when the position was found not to be in the log, by the monotonic clock
     */
    public record Place(long cut, long since) {}

    /** Takes a partition whose range is known. */
    public interface Move {
        /**
         * Moves the partition into the range of its log.
         *
         * @param place facts about the position that is looked for
         * @return false: not yet, it is called again
         */
        boolean to(Assignment assignment, Range range, Place place);
    }

    private final LogRanges.Source ranges;
    private final LongSupplier nanoTime;
    private final Map<Assignment, Place> waiting = new LinkedHashMap<>();
    private @Nullable CompletableFuture<Map<TopicPartition, Range>> asked;
    private long notBefore;

    public Repositioning(LogRanges.Source ranges, LongSupplier nanoTime) {
        this.ranges = ranges;
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
    }

    public void add(Assignment assignment, long cut) {
        waiting.merge(
                assignment,
                new Place(cut, nanoTime.getAsLong()),
                (known, now) -> new Place(Math.min(known.cut(), now.cut()), known.since()));
        assignment.awaitsPosition(true);
    }

    /** Asks for the ranges, and hands on Kafka's answer; does not wait. */
    public void step(Move move) {
        waiting.keySet().removeIf(assignment -> !assignment.isCurrent());
        if (asked == null && !waiting.isEmpty() && nanoTime.getAsLong() - notBefore >= 0) {
            notBefore = nanoTime.getAsLong() + AGAIN.toNanos();
            asked = ranges.of(
                    waiting.keySet().stream().map(Assignment::partition).toList());
        }
        CompletableFuture<Map<TopicPartition, Range>> answer = asked;
        if (answer == null || !answer.isDone()) {
            return;
        }
        asked = null;
        Map<TopicPartition, Range> known = answer.isCompletedExceptionally() ? Map.of() : answer.join();
        for (Assignment assignment : List.copyOf(waiting.keySet())) {
            Range range = known.get(assignment.partition());
            Place place = waiting.get(assignment);
            if (range != null && place != null && move.to(assignment, range, place)) {
                waiting.remove(assignment);
                assignment.awaitsPosition(false);
            }
        }
    }
}
