package io.mqttrelay.ingest;

import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.ingest.mqtt.Control;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The thread {@code ingest-control}. An exception that escapes from a step is a bug. */
final class ControlThread implements Control, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;

    ControlThread(Consumer<Throwable> onFailure) {
        this.executor = new GuardedExecutors(onFailure).timer("ingest-control");
        executor.setRejectedExecutionHandler(new DiscardPolicy());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable step) {
        executor.execute(step);
    }

    @Override
    public void schedule(Duration delay, Runnable step) {
        var unused = executor.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
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
