package io.mqttrelay.dispatch.deliver;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.mqttrelay.common.config.destination.CircuitBreakerSettings;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one address: decides whether the address is called at all. Resilience4j's breaker counts the calls
 * and holds the state; the relay's timer makes it half open. Any thread.
 *
 * <pre>
 *   closed --- too many calls failed ---&gt; open --- open_for ---&gt; half open: one probe
 *     ^                                     ^                     |         |
 *     |                                     '------- it failed ---'         |
 *     '------------------------- it was answered ---------------------------'
 * </pre>
 *
 * <p>Too many calls failed: {@code failure_rate} of the last calls, or five in a row while nothing is accepted. Failures that
 * may be a message's are among the calls of the rate only while nothing is accepted (decision 074).
 */
public final class AddressBreaker {
    /** Enough calls that a failure rate of one in ten never opens it by chance. */
    private static final int WINDOW = 100;

    /** The permission to call; the caller must report the end of the call. */
    record Permit(int opened, boolean probe) {}

    /** The change of state at the end of a call. */
    enum Change {
        NONE,
        OPENED,
        /** Only messages of one lane have failed: others may be tried at once. */
        OPENED_BY_ONE_LANE,
        CLOSED
    }

    private final CircuitBreaker breaker;
    private final Duration openFor;

    private final boolean enabled;

    private final FailureRow row; // guarded by this
    private int opened; // number of times; guarded by this
    private boolean probing; // guarded by this

    /** @param settings null: never opens */
    AddressBreaker(String name, @Nullable CircuitBreakerSettings settings) {
        enabled = settings != null;
        row = new FailureRow(WINDOW);
        if (settings == null) {
            breaker = CircuitBreaker.ofDefaults(name);
            breaker.transitionToDisabledState();
            openFor = Duration.ZERO;
        } else {
            breaker = CircuitBreaker.of(name, config(settings));
            openFor = settings.openFor();
        }
    }

    private static CircuitBreakerConfig config(CircuitBreakerSettings settings) {
        return CircuitBreakerConfig.custom()
                .failureRateThreshold((float) settings.failureRate())
                .slidingWindow(
                        Math.max(WINDOW, settings.minCalls()), settings.minCalls(), SlidingWindowType.COUNT_BASED)
                .permittedNumberOfCallsInHalfOpenState(1)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .recordResult(Boolean.FALSE::equals)
                .build();
    }

    Duration openFor() {
        return openFor;
    }

    /** Gives a permission for a call; null: nothing may be sent now. */
    synchronized @Nullable Permit begin() {
        if (breaker.getState() == State.HALF_OPEN) {
            if (probing) {
                return null;
            }
            probing = breaker.tryAcquirePermission();
            return new Permit(opened, true);
        }
        return breaker.getState() == State.OPEN ? null : new Permit(opened, false);
    }

    /**
     * Counts a call that the address has accepted. This may open the breaker, too, when only now enough calls have
     * ended.
     *
     * @param now monotonic clock, nanoseconds
     */
    synchronized Change accepted(Permit permit, long now) {
        row.accepted(now);
        return ended(permit, true);
    }

    /** Counts a call whose message the address has refused: the address works, but has accepted nothing. */
    synchronized Change rejected(Permit permit) {
        if (breaker.getState() != State.HALF_OPEN) {
            return Change.NONE;
        }
        Change change = ended(permit, true);
        if (change == Change.CLOSED) {
            row.clear();
        }
        return change;
    }

    /**
     * Counts a failed call.
     *
     * @param lane of its message, or of the first of its batch
     * @param now monotonic clock, nanoseconds
     */
    synchronized Change failed(Permit permit, Cause cause, String lane, long now) {
        if (!enabled || permit.opened() != opened) {
            return Change.NONE; // it began before the breaker opened: its result is no news
        }
        row.failed(lane);
        boolean quiet = row.isQuiet(now);
        Change change = cause == Cause.ADDRESS || cause == Cause.LOGIN || quiet || permit.probe()
                ? ended(permit, false)
                : Change.NONE;
        if (quiet && row.isLong() && breaker.getState() == State.CLOSED) {
            breaker.transitionToOpenState();
            change = opened();
        }
        return change;
    }

    /** Takes back a call that this dispatcher cancelled: it tells nothing about the address. */
    synchronized void withdrawn(Permit permit) {
        if (permit.probe()) {
            probing = false;
            breaker.releasePermission();
        }
    }

    private Change ended(Permit permit, boolean worked) {
        if (permit.opened() != opened) {
            return Change.NONE; // it began before the breaker opened: its result is no news
        }
        State before = breaker.getState();
        breaker.onResult(0, TimeUnit.NANOSECONDS, worked); // the duration of calls is not judged
        State after = breaker.getState();
        if (permit.probe()) {
            probing = false;
        }
        if (after == State.OPEN && before != State.OPEN) {
            return opened();
        }
        return after == State.CLOSED && before == State.HALF_OPEN ? Change.CLOSED : Change.NONE;
    }

    private Change opened() {
        opened++;
        return row.isOfOneLane() ? Change.OPENED_BY_ONE_LANE : Change.OPENED;
    }

    /** Ends the time in which nothing is sent. */
    public synchronized void halfOpen() {
        if (breaker.getState() == State.OPEN) {
            breaker.transitionToHalfOpenState();
        }
    }

    /** Whether one probe may be sent. */
    public boolean awaitsProbe() {
        if (breaker.getState() != State.HALF_OPEN) {
            return false; // asked after each call, so without the lock
        }
        synchronized (this) {
            return breaker.getState() == State.HALF_OPEN && !probing;
        }
    }

    /** 0: closed, 1: half open, 2: open. */
    public int state() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> 2;
            case HALF_OPEN -> 1;
            default -> 0;
        };
    }

    /** For people: the reason why it opened. */
    synchronized String reason() {
        CircuitBreaker.Metrics counted = breaker.getMetrics();
        return row.isLong()
                ? row.failures() + " failed calls in a row"
                : counted.getNumberOfFailedCalls() + " failed of " + counted.getNumberOfBufferedCalls() + " calls";
    }
}
