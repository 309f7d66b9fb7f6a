package io.mqttrelay.dispatch.observe;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.member.Heartbeat;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * The state of the consumer's group membership: for readiness, for metrics, and to stop calls for partitions that
 * another dispatcher may own.
 */
public final class ConsumerState {
    private static final Duration BETWEEN_MEASUREMENTS = Duration.ofSeconds(1);

    private static final double HEARTBEATS_MISSED_SECONDS = 8;
    private static final String JOINING = "joining the consumer group";

    private final Consumer<byte[], byte[]> consumer;
    private final Measurements measurements;
    private final Clock clock;
    private final Heartbeat heartbeat;

    private volatile @Nullable String membership = JOINING;
    private boolean joined;
    private long lastMeasurement;

    public ConsumerState(
            Consumer<byte[], byte[]> consumer, Measurements measurements, Clock clock, Heartbeat heartbeat) {
        this.consumer = consumer;
        this.measurements = measurements;
        this.clock = clock;
        this.heartbeat = heartbeat;
        this.lastMeasurement = clock.millis();
    }

    /**
     * Notes that Kafka has confirmed the membership, and with it the ownership of the partitions.
     *
     * @param nanos a moment before Kafka's answer, by the monotonic clock
     */
    public void answeredAfter(long nanos) {
        heartbeat.answeredAfter(nanos);
    }

    /** Why the consumer is not ready; null: it is ready. Any thread. */
    @Nullable
    public String whyNotReady() {
        if (!heartbeat.isFresh()) {
            return "Kafka's group coordinator has not answered for more than "
                    + heartbeat.limit().toSeconds() + " s";
        }
        return membership;
    }

    /** Whether Kafka, or this process, was silent too long: the ownership of partitions may have changed. */
    public boolean isStale() {
        return !heartbeat.isFresh();
    }

    /** Updates the state after each poll. */
    @CalledOn("dispatch-consumer")
    public void polled() {
        long now = clock.millis();
        boolean justJoined = !joined && isMember(); // no second more for a caller that waits for a new process
        joined |= justJoined;
        // the distance, so that a wall clock that steps back does not stop the measurements
        if (justJoined || Math.abs(now - lastMeasurement) >= BETWEEN_MEASUREMENTS.toMillis()) {
            lastMeasurement = now;
            membership = membership();
            measurements.measure();
        }
    }

    private boolean isMember() {
        return consumer.groupMetadata().generationId() >= 0;
    }

    private @Nullable String membership() {
        if (!isMember()) {
            return JOINING;
        }
        for (Map.Entry<MetricName, ? extends Metric> each : consumer.metrics().entrySet()) {
            if (each.getKey().name().equals("last-heartbeat-seconds-ago")
                    && each.getValue().metricValue() instanceof Double seconds
                    && seconds > HEARTBEATS_MISSED_SECONDS) {
                return "no answer from Kafka's group coordinator for " + seconds.longValue() + " s";
            }
        }
        return null;
    }
}
