package io.mqttrelay.dispatch.deliver;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Measures how long the calls of each address take, by the calls that ended last and those in flight. Any thread. */
final class CallTimes {
    /** A wait for a call as short as this delays no other message noticeably. */
    static final Duration QUICK = Duration.ofSeconds(1);

    /**
     * After each call this many eighths of the longest time remain: a slow call is forgotten after some dozens of quick
     * ones.
     */
    private static final int KEPT_EIGHTHS = 7;

    private final LongSupplier nanoTime;
    private final Map<Target, AtomicLong> recent = new ConcurrentHashMap<>();

    /** @param nanoTime a monotonic clock, nanoseconds */
    CallTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void begins(Delivery first) {
        first.call().began(nanoTime.getAsLong());
    }

    /** @param made whether a call was made */
    void ended(Delivery first, boolean made) {
        long took = first.call().took(nanoTime.getAsLong());
        first.call().ended();
        if (made) {
            recent.computeIfAbsent(first.target(), address -> new AtomicLong())
                    .accumulateAndGet(took, (before, now) -> Math.max(now, before / 8 * KEPT_EIGHTHS));
        }
    }

    /** Whether its call is in flight and slow. */
    boolean isLong(Delivery first) {
        return first.call().took(nanoTime.getAsLong()) > QUICK.toNanos();
    }

    /** Forgets a target that has no calls in flight and is not served any more with its present settings. */
    void forget(Target target) {
        recent.remove(target);
    }

    /**
     * The addresses with slow calls, by their keys.
     *
     * @param begun deliveries in flight, or waiting for their retry
     */
    Set<Long> slow(Collection<Delivery> begun) {
        long now = nanoTime.getAsLong();
        Set<Long> slow = new HashSet<>();
        recent.forEach((target, longest) -> {
            if (longest.get() > QUICK.toNanos()) {
                slow.add(target.key());
            }
        });
        for (Delivery first : begun) {
            long took = first.call().took(now);
            Target target = first.target();
            if (took > QUICK.toNanos() || (took >= 0 && !recent.containsKey(target))) {
                slow.add(target.key());
            }
        }
        return slow;
    }
}
