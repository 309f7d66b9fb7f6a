package io.mqttrelay.common.thread;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one way out of the process: a signal or a failure of an owner thread ends {@link #await()}, which then takes the
 * steps in the order in which they were added, within {@code grace} in all. What does not end by then is left behind:
 * the process never hangs.
 */
public final class Shutdown {
    private static final Logger log = LogManager.getLogger(Shutdown.class);

    /** One thing to end. */
    public interface Step {
        /** Ends it within {@code remaining}, what is left of the grace time; what takes longer is abandoned. */
        void close(Duration remaining) throws Exception;
    }

    private record NamedStep(String name, Step step) {}

    private final Duration grace;
    private final LongSupplier nanoTime;
    private final IntConsumer halt;
    private final List<NamedStep> steps = new CopyOnWriteArrayList<>();
    private final CountDownLatch requested = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stepFailed;
    private volatile String current = "the first step";

    /** Without steps yet; {@code grace} is for all of them together. */
    public Shutdown(Duration grace) {
        this(grace, System::nanoTime, Runtime.getRuntime()::halt);
    }

    Shutdown(Duration grace, LongSupplier nanoTime, IntConsumer halt) {
        this.grace = grace;
        this.nanoTime = nanoTime;
        this.halt = halt;
    }

    /**
     * SIGTERM and SIGINT end {@link #await()}, a second one ends the process at once; SIGHUP is ignored, in the log, until
     * {@link #onHangUp} says what it is for.
     */
    public Shutdown onSignals() {
        for (String signal : List.of("TERM", "INT")) {
            if (!Signals.handle(signal, () -> signalled("SIG" + signal))) {
                log.warn("this JVM does not hand over SIG{}: it will end the process without a shutdown", signal);
            }
        }
        return onHangUp(() -> log.info("SIGHUP ignored"));
    }

    /** At SIGHUP, which ends nothing; on a thread of the JVM's, so it must not block. */
    public Shutdown onHangUp(Runnable handler) {
        if (!Signals.handle("HUP", handler)) {
            log.debug("no SIGHUP on this system");
        }
        return this;
    }

    /**
     * Adds a step behind those already there.
     *
     * @param name for the log, as in "stop taking messages"
     */
    public Shutdown then(String name, Step step) {
        steps.add(new NamedStep(name, step));
        return this;
    }

    /** Asks for the end; any thread, returns at once. */
    public void request(String reason) {
        if (requested.getCount() > 0) {
            log.info("stopping: {}", reason);
        }
        requested.countDown();
    }

    /** An owner thread died: the process ends with 1. Any thread, returns at once. */
    public void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            log.error(
                    "thread {} died, which is a bug: stopping",
                    Thread.currentThread().getName(),
                    cause);
        }
        requested.countDown();
    }

    /** Waits for a signal, a {@link #request} or a {@link #fail}, takes the steps, and gives the exit code: 0 or 1. */
    public int await() {
        boolean interrupted = false;
        try {
            requested.await();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        long deadline = nanoTime.getAsLong() + grace.toNanos();
        Thread closing = new Thread(() -> takeSteps(deadline), "shutdown");
        closing.setDaemon(true);
        closing.start();
        boolean inTime = !interrupted && joined(closing);
        if (!inTime) {
            log.error("\"{}\" did not end within shutdown_grace ({} ms): left behind", current, grace.toMillis());
        }
        return inTime && !stepFailed && failure.get() == null ? 0 : 1;
    }

    void signalled(String signal) {
        if (requested.getCount() == 0) {
            halt.accept(1);
        }
        request(signal);
    }

    private void takeSteps(long deadline) {
        for (NamedStep each : steps) {
            current = each.name();
            try {
                each.step().close(Duration.ofNanos(Math.max(0, deadline - nanoTime.getAsLong())));
            } catch (Exception e) {
                stepFailed = true;
                log.error("\"{}\" failed", each.name(), e);
            }
        }
    }

    private boolean joined(Thread closing) {
        try {
            closing.join(Math.max(1, grace.toMillis()));
        } catch (InterruptedException e) {
            return false;
        }
        return !closing.isAlive();
    }
}
