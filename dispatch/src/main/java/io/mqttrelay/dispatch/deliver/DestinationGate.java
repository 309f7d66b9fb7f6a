package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.dispatch.lane.Lanes;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps lanes closed to an address that sent {@code Retry-After}, or whose circuit breaker is open. Any thread. */
final class DestinationGate implements Gate {
    private final Lanes<?> lanes;
    private final ScheduledExecutorService timer;

    DestinationGate(Lanes<?> lanes, ScheduledExecutorService timer) {
        this.lanes = lanes;
        this.timer = timer;
    }

    @Override
    public void shut(Target target, Duration openFor) {
        lanes.shut(target.lanes());
        if (openFor.isZero()) {
            letProbe(target);
        } else {
            after(openFor, () -> letProbe(target));
        }
    }

    private void letProbe(Target target) {
        target.breaker().halfOpen();
        lanes.probe(target.lanes());
    }

    @Override
    public void open(Target target) {
        lanes.open(target.lanes());
    }

    @Override
    public void leaveAlone(Target target, Duration retryAfter) {
        lanes.hold(target.lanes());
        target.log().waitBegan(retryAfter);
        after(retryAfter, () -> {
            target.log().waitEnded();
            lanes.release(target.lanes());
        });
    }

    /** Allows another probe: the delivery that was let out may have been the probe, and was not sent. */
    void nothingWasSent(Target target) {
        if (target.breaker().awaitsProbe()) {
            lanes.probe(target.lanes());
        }
    }

    /** Runs a task later, unless the process ends before. */
    void after(Duration wait, Runnable task) {
        try {
            var unused = timer.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return; // the process ends, and nothing more will be sent
        }
    }
}
