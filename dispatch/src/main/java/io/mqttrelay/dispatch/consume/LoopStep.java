package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One task of {@link ConsumerLoop}, with its own schedule and error handling. A failed task pauses for a second; the
 * other tasks go on.
 */
@CalledOn("dispatch-consumer")
final class LoopStep {
    private static final Logger log = LogManager.getLogger(LoopStep.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** The work of a step. */
    interface Task {
        void run() throws InterruptedException;
    }

    private final String name;
    private final Task task;
    private final LongSupplier nanoTime;
    private long notBefore;
    private volatile @Nullable String problem;

    /**
     * @param name for the log and for readiness, such as {@code offset commit}
     * @param nanoTime a monotonic clock, nanoseconds
     */
    LoopStep(String name, Task task, LongSupplier nanoTime) {
        this.name = name;
        this.task = task;
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
    }

    /**
     * Runs the task, unless it failed less than a second ago.
     *
     * @return whether the task completed
     */
    boolean run() throws InterruptedException {
        if (nanoTime.getAsLong() - notBefore < 0) {
            return false;
        }
        try {
            task.run();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            failed(e);
            return false;
        }
        if (problem != null) {
            problem = null;
            log.info("{} works again", name);
        }
        return true;
    }

    private void failed(KafkaException e) {
        notBefore = nanoTime.getAsLong() + AFTER_FAILURE.toNanos();
        String now = name + " fails, Kafka refuses or does not answer: " + e.getMessage();
        if (problem == null) {
            log.error("{}; it is tried again every second, everything else goes on", now);
        }
        problem = now;
    }

    /** One line for people; null: the task did not fail last time. Any thread. */
    @Nullable
    String problem() {
        return problem;
    }
}
