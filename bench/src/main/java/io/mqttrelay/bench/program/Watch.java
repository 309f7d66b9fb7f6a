package io.mqttrelay.bench.program;

import io.mqttrelay.bench.measure.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Samples a run until it is done. */
public final class Watch {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final Duration STALL = Duration.ofSeconds(30);

    private final Measured measured;
    private final LongSupplier done;
    private final List<Sample> samples = new ArrayList<>();
    private boolean cutShort;

    /**
     * Watches one run.
     *
     * @param done gives the number of messages so far
     */
    public Watch(Measured measured, LongSupplier done) {
        this.measured = measured;
        this.done = done;
    }

    /**
     * Returns when {@code wanted} messages are done, the time is up, or there was no progress for long.
     *
     * @throws IllegalStateException a measured process ended by itself
     */
    public List<Sample> until(long wanted, Duration atMost) {
        long begin = System.nanoTime();
        long moved = begin;
        long before = -1;
        while (true) {
            measured.mustRun();
            Sample sample = new Sample(System.nanoTime(), done.getAsLong(), measured.cost());
            samples.add(sample);
            if (sample.done() != before) {
                before = sample.done();
                moved = sample.nanos();
            }
            boolean stalls = sample.nanos() - moved > STALL.toNanos();
            boolean late = sample.nanos() - begin > atMost.toNanos();
            if (sample.done() >= wanted || stalls || late) {
                cutShort = late && !stalls;
                return samples;
            }
            pause(INTERVAL);
        }
    }

    /** Whether the time was up while there still was progress: slow messages are not lost. */
    public boolean wasCutShort() {
        return cutShort;
    }

    public static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
