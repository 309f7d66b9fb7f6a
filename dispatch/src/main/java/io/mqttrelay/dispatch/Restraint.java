package io.mqttrelay.dispatch;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.lane.Lanes;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Has no more calls out than this process's processors can see to ({@link CallLimit}). How many wait for a processor is
 * reckoned by Little's law: as many as end while one waits ({@link ProcessorWait}).
 */
final class Restraint {
    /** What it watches and holds back. Any thread. */
    interface Calls {
        Lanes.Traffic traffic();

        /** So many calls may be out at once from now on. */
        void allow(int calls);
    }

    /** How long a call whose answer has come waits for a processor. */
    interface Waiting {
        /** Measures once more, soon. */
        void probe();

        /** Nanoseconds, the mean of what was measured since it was last asked. */
        long mean();
    }

    private static final Duration BETWEEN_PROBES = Duration.ofMillis(5);
    private static final int PROBES = 20;

    private final Calls calls;
    private final CallLimit limit;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final Waiting waiting;

    // of the timer's thread
    private int probes;
    private Lanes.Traffic last;
    private long lastTime;

    /**
     * @param limit for whoever calls {@link #start}, and then the timer's thread
     * @param nanoTime a monotonic clock, nanoseconds
     */
    Restraint(Calls calls, CallLimit limit, Waiting waiting, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this.calls = calls;
        this.limit = limit;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.waiting = waiting;
        this.last = calls.traffic();
        this.lastTime = nanoTime.getAsLong();
    }

    void start() {
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
        Lanes.Traffic now = calls.traffic();
        long time = nanoTime.getAsLong();
        double perNano = (double) (now.ended() - last.ended()) / Math.max(1, time - lastTime);
        int before = limit.allowed();
        int next = limit.next(now.running(), perNano * waiting.mean());
        if (next != before) {
            calls.allow(next);
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
