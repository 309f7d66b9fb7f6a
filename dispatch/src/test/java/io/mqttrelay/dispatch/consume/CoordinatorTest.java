package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.member.Heartbeat;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

/** Whether this dispatcher still owns its partitions, by the responses of the group coordinator. */
final class CoordinatorTest {
    private static final MetricName ANSWERS =
            new MetricName("heartbeat-total", "consumer-coordinator-metrics", "", Map.of());

    private double answers;
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized Map<MetricName, ? extends Metric> metrics() {
            return Map.of(ANSWERS, new Metric() {
                @Override
                public MetricName metricName() {
                    return ANSWERS;
                }

                @Override
                public Object metricValue() {
                    return answers;
                }
            });
        }
    };
    private final Coordinator coordinator = new Coordinator(consumer);

    @Test
    void anAnswerCountsOnce() {
        assertThat(coordinator.hasAnswered()).isFalse();
        answers = 1;
        assertThat(coordinator.hasAnswered()).isTrue();
        assertThat(coordinator.hasAnswered()).isFalse();
    }

    @Test
    void aLeaseIsStaleAfterTwoThirdsOfTheSession() {
        long[] nanos = {0};
        Heartbeat heartbeat = new Heartbeat(Duration.ofNanos(15), () -> nanos[0]);
        nanos[0] = 9;
        assertThat(heartbeat.isFresh()).isTrue();
        nanos[0] = 10;
        assertThat(heartbeat.isFresh()).isFalse();
        heartbeat.answeredAfter(1);
        assertThat(heartbeat.isFresh()).isTrue();
        heartbeat.answeredAfter(0);
        assertThat(heartbeat.isFresh()).isTrue();
        nanos[0] = 11;
        assertThat(heartbeat.isFresh()).isFalse();
    }
}
