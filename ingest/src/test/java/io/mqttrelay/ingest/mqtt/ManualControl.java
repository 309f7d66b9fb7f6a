package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.testkit.time.ManualClock;
import io.mqttrelay.testkit.time.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** {@code ingest-control} as a test's own thread: steps run when the test says so. */
final class ManualControl implements Control {
    final ManualClock clock = ManualClock.create();
    private final ManualScheduler scheduler = new ManualScheduler(clock);

    @Override
    public void execute(Runnable step) {
        scheduler.execute(step);
    }

    @Override
    public void schedule(Duration delay, Runnable step) {
        var unused = scheduler.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime().getAsLong();
    }

    void run() {
        scheduler.runDue();
    }

    void pass(Duration time) {
        scheduler.advance(time);
    }
}
