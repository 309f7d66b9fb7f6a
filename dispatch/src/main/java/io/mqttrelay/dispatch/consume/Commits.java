package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stores positions in Kafka, soon after they move: what is done and not stored is repeated after a crash. One commit is
 * under way at a time, so that an older one never lands after a newer; and not many in a second, since each costs Kafka
 * about as much as a hundred messages.
 */
@CalledOn("dispatch-consumer")
final class Commits {
    private static final Logger log = LogManager.getLogger(Commits.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** From one commit to the next, at least. */
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(20);
    /** Finding out what to store takes at most one part in so many of the thread's time, however much is open. */
    private static final int SHARE = 20;
    /** But no longer than this: on a machine that stood still, little work seems to have taken long. */
    private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(50);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignments assignments;
    private final LongSupplier nanoTime;

    private boolean underWay;
    private boolean failing;
    private boolean positionsOnly;
    private long earliest;

    Commits(Consumer<byte[], byte[]> consumer, Assignments assignments, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.assignments = assignments;
        this.nanoTime = nanoTime;
        this.earliest = nanoTime.getAsLong();
    }

    /** Sends what has moved, unless a commit is under way. */
    void commit() {
        if (underWay) {
            return;
        }
        Map<Assignment, OffsetAndMetadata> moved = new HashMap<>();
        long begin = nanoTime.getAsLong();
        if (begin - earliest < 0) {
            return;
        }
        for (Iterator<Assignment> each = assignments.active().iterator(); each.hasNext(); ) {
            Assignment assignment = each.next();
            boolean quiet = assignment.open() == 0; // before the position, which else may miss what is done in between
            Optional<OffsetAndMetadata> toCommit = assignment.toCommit();
            if (toCommit.isPresent()) {
                moved.put(assignment, toCommit.get());
            } else if (quiet && !isWaiting(assignment)) {
                each.remove();
            }
        }
        long took = nanoTime.getAsLong() - begin;
        earliest = begin + Math.min(LONGEST_REST, SHARE * took);
        if (moved.isEmpty()) {
            return;
        }
        earliest = Math.max(earliest, begin + REST);
        consumer.commitAsync(offsets(moved), (offsets, failure) -> {
            underWay = false;
            if (failure == null) {
                moved.forEach(Assignment::committed);
            }
            say(failure);
        });
        underWay = true; // not before: a call that throws has no callback
    }

    /** Whether it goes on when others have made room, which nothing that happens in the partition itself tells. */
    private static boolean isWaiting(Assignment assignment) {
        return assignment.isAnybodyBehind() || (assignment.isPaused() && assignment.isAnybodyInStep());
    }

    private void say(@Nullable Exception failure) {
        if (failure instanceof OffsetMetadataTooLarge && !positionsOnly) {
            positionsOnly = true;
            log.warn(
                    "Kafka's offset.metadata.max.bytes is below its default of 4096: what was delivered ahead of an older"
                            + " message is delivered again after a restart");
            return;
        }
        if (failure instanceof RebalanceInProgressException) {
            return; // what is not given away is stored when the rebalance is over
        }
        if (failure != null && !failing) {
            log.warn("positions cannot be stored, will be tried again: {}", failure.getMessage());
        } else if (failure == null && failing) {
            log.info("positions are stored again");
        }
        failing = failure != null;
    }

    /** Stores what has moved before the partitions go to others. A failure costs repeated deliveries, nothing more. */
    void commitNow(Collection<Assignment> ended) {
        Map<Assignment, OffsetAndMetadata> moved = new HashMap<>();
        ended.forEach(assignment -> assignment.toCommit().ifPresent(position -> moved.put(assignment, position)));
        if (moved.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets(moved), PATIENCE);
            moved.forEach(Assignment::committed);
        } catch (KafkaException e) {
            log.warn("the last positions could not be stored; some messages will be repeated: {}", e.getMessage());
        }
    }

    /**
     * Asks Kafka whether these partitions still are this member's, by storing where they stand.
     *
     * @return false: not, or not known
     */
    boolean confirm(Collection<Assignment> held) {
        Map<Assignment, OffsetAndMetadata> positions = new HashMap<>();
        held.forEach(assignment -> positions.put(assignment, assignment.standing()));
        if (positions.isEmpty()) {
            return true;
        }
        try {
            consumer.commitSync(offsets(positions), PATIENCE);
            positions.forEach(Assignment::committed);
            return true;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            log.debug("not confirmed as the owner of {}: {}", held, e.getMessage());
            return false;
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Map<Assignment, OffsetAndMetadata> moved) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        moved.forEach((assignment, position) -> offsets.put(
                assignment.partition(), positionsOnly ? new OffsetAndMetadata(position.offset()) : position));
        return offsets;
    }
}
