package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.position.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Partitions that one consumer cannot read. Unreadable data is fetched again once. A partition that fails again at the
 * same offset is set aside and tried every 30 s, while the consumer reads all others.
 */
@CalledOn("dispatch-consumer")
final class Quarantine {
    private static final Logger log = LogManager.getLogger(Quarantine.class);
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final int SHOWN = 200;

    private static final class Trouble {
        private final long offset;
        private String reason = "";
        private long retryAt;
        private boolean aside;
        private boolean told;

        private Trouble(long offset) {
            this.offset = offset;
        }
    }

    private final BiConsumer<Assignment, Boolean> setAside;
    private final LongSupplier nanoTime;
    private final Map<Assignment, Trouble> troubles = new LinkedHashMap<>();
    private volatile List<String> problems = List.of();

    /**
     * @param setAside told of each partition that is not to be read, and of each that is to be tried again
     * @param nanoTime a monotonic clock, nanoseconds
     */
    Quarantine(BiConsumer<Assignment, Boolean> setAside, LongSupplier nanoTime) {
        this.setAside = setAside;
        this.nanoTime = nanoTime;
    }

    /**
     * Handles unreadable data at this offset: the first time it is fetched again, the second time the partition is set
     * aside.
     */
    void failed(Assignment assignment, long offset, String reason) {
        Trouble trouble = troubles.get(assignment);
        if (trouble == null || trouble.offset != offset) {
            troubles.put(assignment, new Trouble(offset));
            log.warn("{}@{}: fetched data cannot be read, it is fetched again: {}", assignment, offset, reason);
            return;
        }
        setAside(assignment, trouble, reason);
    }

    /** Sets a partition aside that Kafka refuses. */
    void refused(Assignment assignment, long offset, String reason) {
        Trouble trouble = troubles.computeIfAbsent(assignment, unused -> new Trouble(offset));
        setAside(assignment, trouble, reason);
    }

    private void setAside(Assignment assignment, Trouble trouble, String reason) {
        trouble.reason = reason.length() > SHOWN ? reason.substring(0, SHOWN) + "..." : reason;
        trouble.retryAt = nanoTime.getAsLong() + AGAIN.toNanos();
        trouble.aside = true;
        setAside.accept(assignment, true);
        if (!trouble.told) {
            trouble.told = true;
            log.error(
                    "{}@{}: cannot be read, the partition alone is set aside and tried again every {} s: {}. If its bytes are"
                            + " corrupt, restore them from another replica, or delete the records up to there"
                            + " (kafka-delete-records)",
                    assignment,
                    trouble.offset,
                    AGAIN.toSeconds(),
                    trouble.reason);
        }
        tell();
    }

    /** Whether the partition is not to be read now. */
    boolean isAside(Assignment assignment) {
        Trouble trouble = troubles.get(assignment);
        return trouble != null && trouble.aside;
    }

    /** Notes that the consumer has read everything before this offset. */
    void progressed(Assignment assignment, long offset) {
        if (troubles.isEmpty()) {
            return;
        }
        Trouble trouble = troubles.get(assignment);
        if (trouble != null && offset > trouble.offset) {
            release(assignment, trouble);
            troubles.remove(assignment);
            if (trouble.told) {
                log.info("{}: can be read again, at {}", assignment, offset);
            }
            tell();
        }
    }

    /** Lets partitions be tried again when their time has come; forgets revoked ones. */
    void step() {
        long now = nanoTime.getAsLong();
        boolean forgotten = false;
        for (Iterator<Map.Entry<Assignment, Trouble>> each = troubles.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Assignment, Trouble> entry = each.next();
            if (!entry.getKey().isCurrent()) {
                each.remove();
                forgotten = true;
            } else if (entry.getValue().aside && now - entry.getValue().retryAt >= 0) {
                release(entry.getKey(), entry.getValue());
            }
        }
        if (forgotten) {
            tell();
        }
    }

    private void release(Assignment assignment, Trouble trouble) {
        if (trouble.aside) {
            trouble.aside = false;
            setAside.accept(assignment, false);
        }
    }

    private void tell() {
        List<String> now = new ArrayList<>();
        troubles.forEach((assignment, trouble) -> {
            if (trouble.told) {
                now.add(assignment + " cannot be read at offset " + trouble.offset + ": " + trouble.reason);
            }
        });
        problems = List.copyOf(now);
    }

    /** Partitions of an app that were set aside and have not been read since. */
    int of(String appId) {
        return (int) troubles.entrySet().stream()
                .filter(each -> each.getValue().told && each.getKey().appId().equals(appId))
                .count();
    }

    /** One line for each partition that was set aside and has not been read since. Any thread. */
    List<String> problems() {
        return problems;
    }
}
