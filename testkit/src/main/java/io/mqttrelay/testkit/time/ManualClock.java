package io.mqttrelay.testkit.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A wall clock and a monotonic clock that move only when told to. Safe for any number of threads. */
public final class ManualClock extends Clock {
    private final AtomicLong wallMillis;
    private final AtomicLong nanos = new AtomicLong();

    private ManualClock(Instant start) {
        this.wallMillis = new AtomicLong(start.toEpochMilli());
    }

    /** Begins on some day. */
    public static ManualClock create() {
        return at(Instant.parse("2026-01-02T03:04:05Z"));
    }

    public static ManualClock at(Instant start) {
        return new ManualClock(start);
    }

    /** Time passes. */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards; see stepWall");
        }
        wallMillis.addAndGet(time.toMillis());
        nanos.addAndGet(time.toNanos());
    }

    /** Somebody sets the wall clock, forwards or back; the monotonic clock does not notice. */
    public void stepWall(Duration step) {
        wallMillis.addAndGet(step.toMillis());
    }

    /** What {@link System#nanoTime} would be. */
    public LongSupplier nanoTime() {
        return nanos::get;
    }

    @Override
    public long millis() {
        return wallMillis.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) ? this : Clock.fixed(instant(), zone);
    }
}
