package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.log.LineLimit;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Logs when an address begins to fail, when its breaker opens, and when it takes messages again: one line each, however
 * many calls there are. Any thread.
 */
public final class AddressLog {
    private static final Logger log = LogManager.getLogger(AddressLog.class);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);
    private static final Duration WORTH_A_LINE = Duration.ofSeconds(1);

    private final String name;
    private final LongSupplier nanoTime;
    private final LineLimit waitLines;

    // guarded by this, except reads of failing
    private volatile boolean failing;
    private long failures;
    private long firstFailure;
    private long nextLine;
    private boolean failureSaid;
    private String lastError = "";

    // the circuit breaker; guarded by this
    private boolean shut;
    private long shutAt;
    private long probes;

    // Retry-After; guarded by this
    private int waits;
    private boolean waitSaid;
    private long waitBegan;

    /**
     * @param name app, route and address as the operator knows them
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public AddressLog(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.nextLine = nanoTime.getAsLong();
        this.waitLines = new LineLimit(BETWEEN_LINES, nanoTime);
    }

    String name() {
        return name;
    }

    void accepted() {
        if (failing) {
            acceptedAgain();
        }
    }

    private synchronized void acceptedAgain() {
        if (failing && !shut) { // shut: logged when the breaker closes
            if (failureSaid) {
                log.info(
                        "{} takes messages again, after {} s and {} failed attempts",
                        name,
                        secondsSince(firstFailure),
                        failures);
            }
            forgetFailures();
        }
    }

    synchronized void failed(String error) {
        long now = nanoTime.getAsLong();
        if (!failing) {
            failing = true;
            firstFailure = now;
        }
        failures++;
        lastError = error;
        if (!shut && now - nextLine >= 0) {
            nextLine = now + BETWEEN_LINES.toNanos();
            failureSaid = true;
            log.warn("{} fails, will be tried again: {} ({} attempts failed so far)", name, error, failures);
        }
    }

    /** Logs that the circuit breaker has opened. */
    synchronized void opened(String reason, Duration openFor) {
        if (opens()) {
            log.warn(
                    "{}: circuit breaker opens after {}: {}; nothing is sent for {} s, then one probe at a time",
                    name,
                    reason,
                    lastError,
                    openFor.toMillis() / 1000.0);
        }
    }

    /** Logs that the circuit breaker has opened, and only messages of one lane have failed. */
    synchronized void openedByOneLane(String reason, Duration openFor) {
        if (opens()) {
            log.warn(
                    "{}: circuit breaker opens after {}: {}; the message that failed is tried again in {} s, another one"
                            + " at once, one at a time",
                    name,
                    reason,
                    lastError,
                    openFor.toMillis() / 1000.0);
        }
    }

    /** False: the breaker is open already, and a probe has failed. */
    private boolean opens() {
        if (shut) {
            probes++;
            return false;
        }
        shut = true;
        shutAt = nanoTime.getAsLong();
        probes = 0;
        return true;
    }

    synchronized void closed() {
        shut = false;
        forgetFailures();
        nextLine = nanoTime.getAsLong();
        log.info(
                "{}: circuit breaker closes after {} s, probe {} was answered", name, secondsSince(shutAt), probes + 1);
    }

    /** Logs that the address sent {@code Retry-After}; each call is followed by one of {@link #waitEnded}. */
    public synchronized void waitBegan(Duration wait) {
        waits++;
        if (waits > 1 || wait.compareTo(WORTH_A_LINE) < 0) {
            return;
        }
        long count = waitLines.count();
        if (count == 0) {
            return;
        }
        waitSaid = true;
        waitBegan = nanoTime.getAsLong();
        log.warn(
                "{} asks to be left alone for {} s (Retry-After){}",
                name,
                wait.toMillis() / 1000.0,
                count == 1 ? "" : ", and did " + (count - 1) + " times since that was last said");
    }

    public synchronized void waitEnded() {
        waits--;
        if (waits == 0 && waitSaid) {
            waitSaid = false;
            log.info("{} may be called again, {} s after it asked to be left alone", name, secondsSince(waitBegan));
        }
    }

    private synchronized void forgetFailures() {
        failing = false;
        failureSaid = false;
        failures = 0;
    }

    private long secondsSince(long began) {
        return Duration.ofNanos(nanoTime.getAsLong() - began).toSeconds();
    }
}
