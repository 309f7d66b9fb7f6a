package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;

final class LoopStepTest {
    private long nanos;
    private int runs;
    private RuntimeException failure;
    private final LoopStep step = new LoopStep(
            "offset commit",
            () -> {
                runs++;
                if (failure != null) {
                    throw failure;
                }
            },
            () -> nanos);

    @Test
    void leavesAFailedTaskAloneForASecond() throws InterruptedException {
        failure = new KafkaException("no coordinator");
        assertThat(step.run()).isFalse();
        assertThat(step.problem()).isEqualTo("offset commit fails, Kafka refuses or does not answer: no coordinator");

        nanos += TimeUnit.SECONDS.toNanos(1) - 1;
        assertThat(step.run()).isFalse();
        assertThat(runs).isEqualTo(1);

        nanos++;
        failure = null;
        assertThat(step.run()).isTrue();
        assertThat(step.problem()).isNull();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void letsDefectsAndInterruptsThrough() {
        failure = new IllegalStateException("a defect");
        assertThatThrownBy(step::run).isSameAs(failure);
        failure = new InterruptException("stopped");
        assertThatThrownBy(step::run).isSameAs(failure);
        Thread.interrupted(); // Kafka's exception sets it
        assertThat(step.problem()).isNull();
    }
}
