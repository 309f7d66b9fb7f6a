package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Detects whether the group coordinator answers, by the client's count of heartbeat responses. A poll that returns
 * proves nothing: it also returns when no answer comes from Kafka. Consumer thread.
 */
final class Coordinator {
    private static final String ANSWERS = "heartbeat-total";

    private final Consumer<byte[], byte[]> consumer;
    private @Nullable Metric answers;
    private double seen;

    Coordinator(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Whether the coordinator has answered since the last call. */
    @CalledOn("dispatch-consumer")
    boolean hasAnswered() {
        Metric counted = answers();
        if (counted == null || !(counted.metricValue() instanceof Double now)) {
            return true; // a client that does not count
        }
        boolean more = now > seen;
        seen = now;
        return more;
    }

    private @Nullable Metric answers() {
        if (answers == null) {
            for (Map.Entry<MetricName, ? extends Metric> each :
                    consumer.metrics().entrySet()) {
                if (each.getKey().name().equals(ANSWERS)) {
                    answers = each.getValue();
                }
            }
        }
        return answers;
    }
}
