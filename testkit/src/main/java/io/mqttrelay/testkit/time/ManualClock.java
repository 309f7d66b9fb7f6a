package io.mqttrelay.testkit.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A wall clock and a monotonic clock that only the test moves. Thread-safe. */
public final class ManualClock extends Clock {
    private final AtomicLong wallMillis;
    private final AtomicLong nanos = new AtomicLong();

    private ManualClock(Instant start) {
        this.wallMillis = new AtomicLong(start.toEpochMilli());
    }

    /** Creates a clock that starts on a fixed day. */
    public static ManualClock create() {
        return at(Instant.parse("2026-01-02T03:04:05Z"));
    }

    public static ManualClock at(Instant start) {
        return new ManualClock(start);
    }

    /** Advances both clocks. */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards; see stepWall");
        }
        wallMillis.addAndGet(time.toMillis());
        nanos.addAndGet(time.toNanos());
    }

    /** Sets the wall clock forwards or back; the monotonic clock does not change. */
    public void stepWall(Duration step) {
        wallMillis.addAndGet(step.toMillis());
    }

    /** The replacement of {@link System#nanoTime}. */
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
