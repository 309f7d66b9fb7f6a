package io.mqttrelay.common.thread;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a command that works step by step to end after the present one. Any thread. */
public final class StopRequest {
    private final CountDownLatch requested = new CountDownLatch(1);

    /** SIGINT and SIGTERM make the request; a second one ends the process at once, with 1. */
    public static StopRequest onSignals() {
        StopRequest stop = new StopRequest();
        for (String signal : List.of("INT", "TERM")) {
            // where a JVM does not give it away, the signal ends the process: what is under way is then undone by Kafka
            var unused = Signals.handle(signal, () -> {
                if (stop.isRequested()) {
                    Runtime.getRuntime().halt(1);
                }
                stop.request();
            });
        }
        return stop;
    }

    /** Asks for the end; returns at once. */
    public void request() {
        requested.countDown();
    }

    /** Whether the end was asked for. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits, but not when the end is asked for. */
    public void pause(Duration wait) throws InterruptedException {
        var unused = requested.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }
}
