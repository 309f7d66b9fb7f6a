package io.mqttrelay.dispatch.limit;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.lane.Lanes;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps the calls in flight within the capacity of this process's processors ({@link CallLimit}). The number of calls
 * that wait for a processor follows from Little's law: the calls that end per second, times the wait ({@link
 * ProcessorWait}).
 */
public final class ConcurrencyLimiter {
    /** How long an answered call waits for a processor. */
    public interface Waiting {
        /** Starts one more measurement. */
        void probe();

        /** Nanoseconds, the mean of the measurements since the last call. */
        long mean();
    }

    private static final Duration BETWEEN_PROBES = Duration.ofMillis(5);
    private static final int PROBES = 20;

    private final Lanes<?> lanes;
    private final CallLimit limit;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final Waiting waiting;

    // of the timer's thread
    private int probes;
    private Lanes.Traffic last;
    private long lastTime;

    /**
     * @param lanes of the calls that it watches and limits
     * @param limit belongs to the thread that calls {@link #start}, and then to the timer's thread
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public ConcurrencyLimiter(
            Lanes<?> lanes, CallLimit limit, Waiting waiting, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this.lanes = lanes;
        this.limit = limit;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.waiting = waiting;
        this.last = lanes.traffic();
        this.lastTime = nanoTime.getAsLong();
    }

    public void start() {
        after(BETWEEN_PROBES);
    }

    @CalledOn("dispatch-timer")
    private void step() {
        waiting.probe();
        if (++probes < PROBES) {
            after(BETWEEN_PROBES);
        } else {
            judge();
        }
    }

    private void judge() {
        Lanes.Traffic now = lanes.traffic();
        long time = nanoTime.getAsLong();
        double perNano = (double) (now.ended() - last.ended()) / Math.max(1, time - lastTime);
        int before = limit.allowed();
        int next = limit.next(now.running(), perNano * waiting.mean());
        if (next != before) {
            lanes.allow(next);
        }
        last = now;
        lastTime = time;
        boolean quiet = limit.isFew(now.running());
        probes = quiet ? PROBES - 1 : 0;
        after(quiet ? BETWEEN_PROBES.multipliedBy(PROBES) : BETWEEN_PROBES);
    }

    private void after(Duration pause) {
        try {
            var unused = timer.schedule(this::step, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return; // the process ends
        }
    }
}
