package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.position.Assignment;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Moves partitions past offsets that hold no record, above all the markers after transactions of a replay. Kafka's
 * client skips them silently, and the group's lag would never become 0. A partition is checked for a minute after it
 * was assigned, and after each time it was read.
 */
@CalledOn("dispatch-consumer")
final class PassedMarkers {
    private static final long EVERY = Duration.ofMillis(500).toNanos();
    private static final long LOOKED_AT = Duration.ofSeconds(60).toNanos();

    /** The offset up to which a partition was read, and since when. */
    private record Seen(long next, long since) {}

    private final Consumer<?, ?> consumer;
    private final Supplier<Collection<Assignment>> assignments;
    private final java.util.function.Consumer<Assignment> moved;
    private final Predicate<Assignment> handedOver;
    private final LongSupplier nanoTime;
    private Map<Assignment, Seen> seen = new HashMap<>();
    private long nextLook;

    /**
     * @param assignments the current ones
     * @param moved told of each partition that was moved: its offset may be committed
     * @param handedOver whether all polled records of a partition were handed over
     */
    PassedMarkers(
            Consumer<?, ?> consumer,
            Supplier<Collection<Assignment>> assignments,
            java.util.function.Consumer<Assignment> moved,
            Predicate<Assignment> handedOver,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.assignments = assignments;
        this.moved = moved;
        this.handedOver = handedOver;
        this.nanoTime = nanoTime;
        this.nextLook = nanoTime.getAsLong();
    }

    /** Checks the partitions after a poll, every half second. */
    void step() {
        long now = nanoTime.getAsLong();
        if (now - nextLook < 0) {
            return;
        }
        nextLook = now + EVERY;
        Map<Assignment, Seen> current = new HashMap<>();
        for (Assignment assignment : assignments.get()) {
            Seen before = seen.get(assignment);
            boolean rests = assignment.rests() || !handedOver.test(assignment);
            Seen last = before == null || rests || before.next() != assignment.next()
                    ? new Seen(assignment.next(), now)
                    : before;
            current.put(assignment, last);
            if (!rests && now - last.since() <= LOOKED_AT) {
                pass(assignment);
            }
        }
        seen = current;
    }

    private void pass(Assignment assignment) {
        try {
            long position = consumer.position(assignment.partition(), Duration.ZERO);
            if (position > assignment.next()) {
                assignment.readUpTo(position);
                moved.accept(assignment);
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            return; // the consumer has no position yet: the next check finds it
        }
    }
}
