package io.mqttrelay.dispatch.deliver;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Tells an operator when an address begins to fail and when it takes messages again, in a line each, however many calls
 * there are. Any thread.
 */
public final class AddressLog {
    private static final Logger log = LogManager.getLogger(AddressLog.class);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

    private final String name;
    private final LongSupplier nanoTime;

    private volatile boolean failing;
    private long failures; // guarded by this
    private long firstFailure; // guarded by this
    private long nextLine; // guarded by this

    /**
     * @param name app, route and address as the operator knows them
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public AddressLog(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.nextLine = nanoTime.getAsLong();
    }

    void accepted() {
        if (failing) {
            acceptedAgain();
        }
    }

    private synchronized void acceptedAgain() {
        if (failing) {
            failing = false;
            log.info(
                    "{} takes messages again, after {} s and {} failed attempts",
                    name,
                    Duration.ofNanos(nanoTime.getAsLong() - firstFailure).toSeconds(),
                    failures);
            failures = 0;
        }
    }

    synchronized void failed(String error) {
        long now = nanoTime.getAsLong();
        if (!failing) {
            failing = true;
            firstFailure = now;
        }
        failures++;
        if (now - nextLine >= 0) {
            nextLine = now + BETWEEN_LINES.toNanos();
            log.warn("{} fails, will be tried again: {} ({} attempts failed so far)", name, error, failures);
        }
    }
}
