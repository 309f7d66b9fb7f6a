package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** How the consumer fares: for readiness, metrics, and the calls that must not be made for partitions that may be gone. */
final class ConsumerState {
    private static final Logger log = LogManager.getLogger(ConsumerState.class);
    private static final Duration BETWEEN_MEASUREMENTS = Duration.ofSeconds(1);

    private static final double HEARTBEATS_MISSED_SECONDS = 8;
    private static final String JOINING = "joining the consumer group";

    private final Consumer<byte[], byte[]> consumer;
    private final Measurements measurements;
    private final Clock clock;
    private final Heartbeat heartbeat;

    private volatile @Nullable String failure;
    private volatile @Nullable String membership = JOINING;
    private boolean joined;
    private long lastMeasurement;

    ConsumerState(Consumer<byte[], byte[]> consumer, Measurements measurements, Clock clock, Heartbeat heartbeat) {
        this.consumer = consumer;
        this.measurements = measurements;
        this.clock = clock;
        this.heartbeat = heartbeat;
        this.lastMeasurement = clock.millis();
    }

    /** Null: it does its job. Any thread. */
    @Nullable
    String whyNotReady() {
        if (!heartbeat.isFresh()) {
            return "Kafka's group coordinator has not answered for more than "
                    + heartbeat.limit().toSeconds() + " s";
        }
        String failed = failure;
        return failed != null ? failed : membership;
    }

    /** Kafka was silent, or this process was: what it was told before may not hold any more. */
    boolean isStale() {
        return !heartbeat.isFresh();
    }

    /** @param answered whether Kafka has just said that this is a member of its group, which keeps its partitions its own */
    @CalledOn("dispatch-consumer")
    void polled(boolean answered) {
        if (answered) {
            heartbeat.beat();
        }
        long now = clock.millis();
        if (failure != null) {
            failure = null;
            log.info("Kafka answers again");
        }
        boolean justJoined = !joined && isMember(); // whoever waits for a new process waits no second longer
        joined |= justJoined;
        // the distance, so that a wall clock that steps back does not stop the measuring
        if (justJoined || Math.abs(now - lastMeasurement) >= BETWEEN_MEASUREMENTS.toMillis()) {
            lastMeasurement = now;
            membership = membership();
            measurements.measure();
        }
    }

    @CalledOn("dispatch-consumer")
    void failed(RuntimeException e) {
        String reason = "Kafka refuses or does not answer: " + e.getMessage();
        if (failure == null) {
            log.error("{}; will be tried again", reason);
        }
        failure = reason;
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
