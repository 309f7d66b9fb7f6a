package io.mqttrelay.ingest;

import io.mqttrelay.ingest.mqtt.Control;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The thread {@code ingest-control}. What escapes from a step is a bug. */
final class ControlThread implements Control, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;
    private final Consumer<Throwable> onFailure;

    ControlThread(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
        this.executor = new ScheduledThreadPoolExecutor(
                1,
                step -> {
                    Thread thread = new Thread(step, "ingest-control");
                    thread.setDaemon(true);
                    return thread;
                },
                new DiscardPolicy());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable step) {
        executor.execute(() -> run(step));
    }

    @Override
    public void schedule(Duration delay, Runnable step) {
        var unused = executor.schedule(() -> run(step), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            onFailure.accept(e);
        }
    }

    /** Runs a step and waits for it, at most {@code limit}. */
    void await(Runnable step, Duration limit) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        execute(() -> {
            step.run();
            done.countDown();
        });
        var unused = done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
