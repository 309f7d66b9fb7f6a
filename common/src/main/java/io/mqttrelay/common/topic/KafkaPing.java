package io.mqttrelay.common.topic;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks regularly whether Kafka answers: soon again after a failure, and when an outage is suspected. One thread asks;
 * {@link #suspectOutage} and {@link #unreachable} are for any thread.
 */
final class KafkaPing {
    private static final long AGAIN = Duration.ofMillis(500).toNanos();

    private final TopicProvisioner.Kafka kafka;
    private final @Nullable Duration every;
    private final LongSupplier nanoTime;
    private volatile @Nullable String unreachable = "Kafka has not answered yet";
    private volatile boolean suspected;
    private @Nullable Long last;

    /** @param every the interval while Kafka answers; null: a question is never due */
    KafkaPing(TopicProvisioner.Kafka kafka, @Nullable Duration every, LongSupplier nanoTime) {
        this.kafka = kafka;
        this.every = every;
        this.nanoTime = nanoTime;
    }

    void suspectOutage() {
        suspected = true;
    }

    /** Why Kafka cannot be reached; null: it answered the last time. */
    @Nullable
    String unreachable() {
        return unreachable;
    }

    boolean isDue() {
        Long before = last;
        if (every == null || before == null) {
            return every != null;
        }
        long interval = suspected || unreachable != null ? AGAIN : every.toNanos();
        return nanoTime.getAsLong() - before >= interval;
    }

    /** Asks Kafka, for a bounded time; null: it answers. */
    @Nullable
    String problem() throws InterruptedException {
        boolean likely = suspected;
        suspected = false;
        String problem = kafka.ping(likely);
        last = nanoTime.getAsLong();
        unreachable = problem;
        return problem;
    }
}
