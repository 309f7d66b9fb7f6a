package io.mqttrelay.common.record;

import java.time.Clock;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Creates message ids: a UUID version 7 (RFC 9562, section 5.7) as text, so that ids sort by time. Within one process
 * they are strictly increasing, even when the clock stands still or steps back. Thread-safe.
 */
public final class RelayIds {
    private static final int COUNTER_BITS = 12;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final Clock clock;
    private final SplittableRandom random;
    private long lastTick;

    /** @param seed differs between processes, so that two processes never create the same id in one millisecond */
    public RelayIds(Clock clock, long seed) {
        this.clock = clock;
        this.random = new SplittableRandom(seed);
    }

    /** The next id, 36 characters, without a {@code .}. */
    public synchronized String next() {
        // the tick is the millisecond, and below it a counter that carries into it
        lastTick = Math.max(lastTick + 1, clock.millis() << COUNTER_BITS);
        long millis = lastTick >>> COUNTER_BITS;
        long counter = lastTick & ((1 << COUNTER_BITS) - 1);
        return new UUID(millis << 16 | VERSION_7 | counter, VARIANT | random.nextLong() >>> 2).toString();
    }
}
