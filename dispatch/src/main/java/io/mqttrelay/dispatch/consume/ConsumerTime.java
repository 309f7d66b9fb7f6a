package io.mqttrelay.dispatch.consume;

import io.mqttrelay.dispatch.position.Assignment;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The clocks of the consumer thread, and its two waits outside of Kafka's client.
 *
 * @param wall for the age of messages
 * @param nanoTime a monotonic clock, nanoseconds
 * @param waits blocks the calling thread
 */
public record ConsumerTime(Clock wall, LongSupplier nanoTime, Waits waits) {
    /** Blocks the consumer thread for a bounded time. */
    public interface Waits {
        /** Waits for this long. */
        void sleep(Duration time) throws InterruptedException;

        /**
         * Waits until no attempt of an assignment is in flight.
         *
         * @return false: one still was after so many nanoseconds
         */
        boolean untilQuiet(Assignment assignment, long nanos) throws InterruptedException;
    }

    private static final Waits BLOCKING = new Waits() {
        @Override
        public void sleep(Duration time) throws InterruptedException {
            Thread.sleep(time.toMillis());
        }

        @Override
        public boolean untilQuiet(Assignment assignment, long nanos) throws InterruptedException {
            return assignment.awaitQuiet(nanos);
        }
    };

    /**
     * The clocks of this machine.
     *
     * @param wall for the age of messages
     */
    public static ConsumerTime system(Clock wall) {
        return new ConsumerTime(wall, System::nanoTime, BLOCKING);
    }
}
