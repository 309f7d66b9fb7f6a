package io.mqttrelay.dispatch.deliver;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.mqttrelay.common.config.CircuitBreakerSettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether an address is tried at all: Resilience4j's circuit breaker counts and has the states; when it is half open is
 * told it by the relay's timer. Any thread.
 *
 * <pre>
 *   closed --- too many calls failed ---&gt; open --- open_for ---&gt; half open: one probe
 *     ^                                     ^                     |         |
 *     |                                     '------- it failed ---'         |
 *     '------------------------- it was answered ---------------------------'
 * </pre>
 */
public final class AddressBreaker {
    /** Enough calls that one in ten that fails never opens it. */
    private static final int WINDOW = 100;

    /** Leave to call; its end is told to whoever gave it. */
    record Permit(int opened, boolean probe) {}

    /** What the end of a call changes. */
    enum Change {
        NONE,
        OPENED,
        CLOSED
    }

    private final CircuitBreaker breaker;
    private final Duration openFor;

    private int opened; // how often; guarded by this
    private boolean probing; // guarded by this

    /** @param settings null: never opens */
    AddressBreaker(String name, @Nullable CircuitBreakerSettings settings) {
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

    /** Null: nothing may be sent now. */
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

    /** The address answered as one does that works. This may open it, too, when only now enough calls have ended. */
    synchronized Change answered(Permit permit) {
        return ended(permit, true);
    }

    synchronized Change failed(Permit permit) {
        return ended(permit, false);
    }

    /** The call was ended from here: it says nothing of the address. */
    synchronized void withdrawn(Permit permit) {
        if (permit.probe()) {
            probing = false;
            breaker.releasePermission();
        }
    }

    private Change ended(Permit permit, boolean worked) {
        if (permit.opened() != opened) {
            return Change.NONE; // it began before the breaker opened: what it saw is known
        }
        State before = breaker.getState();
        breaker.onResult(0, TimeUnit.NANOSECONDS, worked); // how long calls take is not judged
        State after = breaker.getState();
        if (permit.probe()) {
            probing = false;
        }
        if (after == State.OPEN && before != State.OPEN) {
            opened++;
            return Change.OPENED;
        }
        return after == State.CLOSED && before == State.HALF_OPEN ? Change.CLOSED : Change.NONE;
    }

    /** The time in which nothing is sent is over. */
    public synchronized void halfOpen() {
        if (breaker.getState() == State.OPEN) {
            breaker.transitionToHalfOpenState();
        }
    }

    /** Whether one call may be made to see whether the address works. */
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

    /** Of the calls that it looks at. */
    int failedCalls() {
        return breaker.getMetrics().getNumberOfFailedCalls();
    }

    /** The calls that it looks at. */
    int calls() {
        return breaker.getMetrics().getNumberOfBufferedCalls();
    }
}
