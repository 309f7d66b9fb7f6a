package io.mqttrelay.common.thread;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request to a command that works in steps: end after the current step. Any thread. */
public final class StopRequest {
    private final CountDownLatch requested = new CountDownLatch(1);

    /** Makes the request on SIGINT or SIGTERM; a second signal ends the process at once, with exit code 1. */
    public static StopRequest onSignals() {
        StopRequest stop = new StopRequest();
        for (String signal : List.of("INT", "TERM")) {
            // a JVM that does not allow to handle the signal ends the process, and Kafka aborts the open transaction
            var unused = Signals.handle(signal, () -> {
                if (stop.isRequested()) {
                    Runtime.getRuntime().halt(1);
                }
                stop.request();
            });
        }
        return stop;
    }

    /** Makes the request; returns at once. */
    public void request() {
        requested.countDown();
    }

    /** Whether the request was made. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits, but returns early when the request is made. */
    public void pause(Duration wait) throws InterruptedException {
        var unused = requested.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }
}
