package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.position.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Commits offsets soon after they advance: deliveries that are complete and not committed are repeated after a crash.
 * One commit is in flight at a time, so that an older one never overwrites a newer. Commits are limited per second,
 * since each costs Kafka about as much as a hundred messages.
 */
@CalledOn("dispatch-consumer")
final class OffsetCommitter {
    private static final Logger log = LogManager.getLogger(OffsetCommitter.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** While a topic is unknown to Kafka: the client sends a commit again for as long as it may wait. */
    private static final Duration PATIENCE_WITH_UNKNOWN = Duration.ofMillis(500);

    private static final long UNKNOWN_FOR = TimeUnit.SECONDS.toNanos(10);
    /** Topics that are asked for a confirmation one by one: one may have been deleted. */
    private static final int MOST_ASKED = 3;

    /** Least time between two commits. */
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(20);
    /** Scans take at most 1/SHARE of the thread's time, however many partitions are active. */
    private static final int SHARE = 20;
    /** Time between two scans of all active partitions, changed or not. */
    private static final long SCAN_ALL = TimeUnit.SECONDS.toNanos(1);

    private static final long AFTER_REFUSAL = TimeUnit.MILLISECONDS.toNanos(200);

    /** After a pause of the machine, a short scan seems to have taken long: this limits the wait. */
    private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LONGEST_REST_OF_ALL = TimeUnit.SECONDS.toNanos(20);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignments assignments;
    private final LongSupplier nanoTime;

    private boolean underWay;
    private boolean failing;
    private boolean positionsOnly;
    private long earliest;
    private long nextScanOfAll;
    private long unknownUntil;
    private int rounds;

    OffsetCommitter(Consumer<byte[], byte[]> consumer, Assignments assignments, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.assignments = assignments;
        this.nanoTime = nanoTime;
        this.earliest = nanoTime.getAsLong();
        this.nextScanOfAll = earliest;
        this.unknownUntil = earliest;
    }

    /** Commits the offsets that have advanced, unless a commit is in flight. */
    void commit() {
        if (underWay) {
            return;
        }
        long begin = nanoTime.getAsLong();
        if (begin - earliest < 0) {
            return;
        }
        boolean all = begin - nextScanOfAll >= 0;
        Map<Assignment, OffsetAndMetadata> moved = scan(begin, all);
        long took = nanoTime.getAsLong() - begin;
        if (all) {
            nextScanOfAll = begin + Math.max(SCAN_ALL, Math.min(LONGEST_REST_OF_ALL, SHARE * took));
        } else {
            earliest = begin + Math.min(LONGEST_REST, SHARE * took);
        }
        if (moved.isEmpty()) {
            return;
        }
        earliest = Math.max(earliest, begin + REST);
        send(moved);
    }

    /**
     * Collects offsets to commit, and drops partitions without work from the active ones. Takes time in proportion to
     * the partitions that have changed.
     *
     * @param now a monotonic clock, nanoseconds
     * @param all also looks at partitions that have not changed: some wait for other partitions only
     */
    private Map<Assignment, OffsetAndMetadata> scan(long now, boolean all) {
        Map<Assignment, OffsetAndMetadata> moved = new HashMap<>();
        for (Iterator<Assignment> each = assignments.active().iterator(); each.hasNext(); ) {
            Assignment assignment = each.next();
            if (!assignment.isToBeScanned(now) || (!assignment.takeChanged() && !all)) {
                continue;
            }
            boolean quiet = assignment.open() == 0; // before the position, which may miss an end in between
            Optional<OffsetAndMetadata> toCommit = assignment.toCommit();
            if (toCommit.isPresent()) {
                moved.put(assignment, toCommit.get());
                assignment.changed(); // until Kafka has acknowledged it
            } else if (quiet && !isWaiting(assignment)) {
                each.remove();
            }
        }
        return moved;
    }

    private void send(Map<Assignment, OffsetAndMetadata> moved) {
        try {
            sendAsync(moved);
        } catch (TopicAuthorizationException | InvalidTopicException e) {
            log.debug("sent again: {}", e.getMessage()); // an answer about topics, which the next poll throws, too
        }
    }

    private void sendAsync(Map<Assignment, OffsetAndMetadata> moved) {
        consumer.commitAsync(offsets(moved), (offsets, failure) -> {
            underWay = false;
            if (failure instanceof TopicAuthorizationException refusal) {
                leaveOut(moved, refusal); // Kafka has stored the offsets of the others
                moved.forEach(Assignment::committed);
                earliest = nanoTime.getAsLong() + AFTER_REFUSAL;
            } else if (failure == null) {
                moved.forEach(Assignment::committed);
            } else if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                unknownUntil = nanoTime.getAsLong() + UNKNOWN_FOR;
            }
            say(failure);
        });
        underWay = true; // not before: a call that throws has no callback
    }

    /** Whether the partition waits for memory that other partitions free: no event of its own tells. */
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
            return; // offsets of partitions that stay are committed when the rebalance is over
        }
        if (failure != null && !failing) {
            log.warn("positions cannot be stored, will be tried again: {}", failure.getMessage());
        } else if (failure == null && failing) {
            log.info("positions are stored again");
        }
        failing = failure != null;
    }

    private boolean isTopicUnknown() {
        return nanoTime.getAsLong() - unknownUntil < 0;
    }

    private Duration patience() {
        return isTopicUnknown() ? PATIENCE_WITH_UNKNOWN : PATIENCE;
    }

    /**
     * Commits the offsets of ended assignments, before other dispatchers take over. A failure costs repeated
     * deliveries, nothing more.
     */
    void commitNow(Collection<Assignment> ended) {
        Map<Assignment, OffsetAndMetadata> moved = new HashMap<>();
        ended.forEach(assignment -> assignment.toCommit().ifPresent(position -> moved.put(assignment, position)));
        if (moved.isEmpty()) {
            return;
        }
        try {
            commitSync(moved);
        } catch (KafkaException e) {
            log.warn("the last positions could not be stored; some messages will be repeated: {}", e.getMessage());
        }
    }

    /**
     * Asks Kafka whether these partitions still belong to this member, by committing their current offsets.
     *
     * @return false: they do not, or it is not known, as where there is nothing to commit
     */
    boolean confirm(Collection<Assignment> held) {
        Map<Assignment, OffsetAndMetadata> positions = new HashMap<>();
        held.forEach(assignment -> positions.put(assignment, assignment.standing()));
        try {
            return commitSync(positions);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            log.debug("not confirmed as the owner of {}: {}", held, e.getMessage());
            return e instanceof TimeoutException && confirmByOneTopic(positions);
        }
    }

    /**
     * Commits, without topics that Kafka refuses.
     *
     * @return whether there was a topic that Kafka does not refuse
     */
    private boolean commitSync(Map<Assignment, OffsetAndMetadata> positions) {
        while (!positions.isEmpty()) {
            try {
                consumer.commitSync(offsets(positions), patience());
                positions.forEach(Assignment::committed);
                return true;
            } catch (TopicAuthorizationException e) {
                if (!leaveOut(positions, e)) {
                    throw e;
                }
            }
        }
        return false;
    }

    /**
     * A commit of one topic confirms the membership, too. If it succeeds although a commit of all does not, another topic
     * was deleted: the client does not tell which.
     */
    private boolean confirmByOneTopic(Map<Assignment, OffsetAndMetadata> positions) {
        Map<String, Map<Assignment, OffsetAndMetadata>> byTopic = new HashMap<>();
        positions.forEach((assignment, position) -> byTopic.computeIfAbsent(
                        assignment.partition().topic(), topic -> new HashMap<>())
                .put(assignment, position));
        if (byTopic.size() == 1) {
            return false;
        }
        List<Map<Assignment, OffsetAndMetadata>> topics = new ArrayList<>(byTopic.values());
        Collections.rotate(topics, MOST_ASKED * ++rounds);
        for (Map<Assignment, OffsetAndMetadata> each :
                topics.stream().limit(MOST_ASKED).toList()) {
            try {
                consumer.commitSync(offsets(each), PATIENCE_WITH_UNKNOWN);
                each.forEach(Assignment::committed);
                unknownUntil = nanoTime.getAsLong() + UNKNOWN_FOR;
                return true;
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                log.debug("not confirmed as the owner of {}: {}", each.keySet(), e.getMessage());
            }
        }
        return false;
    }

    /** Leaves out partitions of refused topics: they tell nothing about the others. Returns whether there were any. */
    private static boolean leaveOut(Map<Assignment, OffsetAndMetadata> positions, TopicAuthorizationException refusal) {
        return positions
                .keySet()
                .removeIf(each ->
                        refusal.unauthorizedTopics().contains(each.partition().topic()));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Map<Assignment, OffsetAndMetadata> moved) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        moved.forEach((assignment, position) -> offsets.put(
                assignment.partition(), positionsOnly ? new OffsetAndMetadata(position.offset()) : position));
        return offsets;
    }
}
