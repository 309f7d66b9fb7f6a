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
 * The orderly end of the process. A signal or the failure of an owner thread ends {@link #await()}, which then runs
 * the steps in the order in which they were added. All steps together have {@code grace}, and at most 10 s after a
 * failure. A step that does not end by then is abandoned, so the process never hangs.
 */
public final class Shutdown {
    private static final Logger log = LogManager.getLogger(Shutdown.class);

    /** The limit after a failure: the dead thread answers no step, and the next process should start soon. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    /** One part to close. */
    public interface Step {
        /** Closes it within {@code remaining}, the rest of the grace time. After that it is abandoned. */
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

    /** A shutdown without steps; {@code grace} is for all steps together. */
    public Shutdown(Duration grace) {
        this(grace, System::nanoTime, Runtime.getRuntime()::halt);
    }

    Shutdown(Duration grace, LongSupplier nanoTime, IntConsumer halt) {
        this.grace = grace;
        this.nanoTime = nanoTime;
        this.halt = halt;
    }

    /**
     * Handles signals. SIGTERM and SIGINT end {@link #await()}; a second one ends the process at once. SIGHUP is
     * logged and ignored until {@link #onHangUp} sets its handler.
     */
    public Shutdown onSignals() {
        for (String signal : List.of("TERM", "INT")) {
            if (!Signals.handle(signal, () -> signalled("SIG" + signal))) {
                log.warn("this JVM does not hand over SIG{}: it will end the process without a shutdown", signal);
            }
        }
        return onHangUp(() -> log.info("SIGHUP ignored"));
    }

    /**
     * Sets the handler of SIGHUP, which does not end the process. It runs on a thread of the JVM, so it must not
     * block.
     */
    public Shutdown onHangUp(Runnable handler) {
        if (!Signals.handle("HUP", handler)) {
            log.debug("no SIGHUP on this system");
        }
        return this;
    }

    /**
     * Adds a step after the existing ones.
     *
     * @param name for the log, such as "stop taking messages"
     */
    public Shutdown then(String name, Step step) {
        steps.add(new NamedStep(name, step));
        return this;
    }

    /** Requests the shutdown; any thread, returns at once. */
    public void request(String reason) {
        if (requested.getCount() > 0) {
            log.info("stopping: {}", reason);
        }
        requested.countDown();
    }

    /** Requests the shutdown because an owner thread died; the exit code is 1. Any thread, returns at once. */
    public void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            log.error(
                    "thread {} died, which is a bug: stopping",
                    Thread.currentThread().getName(),
                    cause);
        }
        requested.countDown();
    }

    /** Waits for a signal, a {@link #request} or a {@link #fail}, runs the steps, and returns the exit code: 0 or 1. */
    public int await() {
        boolean interrupted = false;
        try {
            requested.await();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        boolean failed = failure.get() != null;
        Duration limit = failed && grace.compareTo(AFTER_FAILURE) > 0 ? AFTER_FAILURE : grace;
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        Thread closing = new Thread(() -> takeSteps(deadline), "shutdown");
        closing.setDaemon(true);
        closing.start();
        boolean inTime = !interrupted && joined(closing, limit);
        if (!inTime) {
            log.error("\"{}\" did not end within {} ms: left behind", current, limit.toMillis());
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

    private static boolean joined(Thread closing, Duration limit) {
        try {
            closing.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException e) {
            return false;
        }
        return !closing.isAlive();
    }
}
