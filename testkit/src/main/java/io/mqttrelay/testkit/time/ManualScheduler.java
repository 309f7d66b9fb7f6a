package io.mqttrelay.testkit.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer that runs its tasks on the test's thread, in the order of their times, when the test advances the clock.
 *
 * <p>Tasks may be added and cancelled from any thread; {@link #runDue} and {@link #advance} are confined to one.
 */
public final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService {
    private final ManualClock clock;
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>();
    private long sequence;
    private boolean shutdown;

    public ManualScheduler(ManualClock clock) {
        this.clock = clock;
    }

    /** Advances the clock, and stops at each task's time to run it. */
    public void advance(Duration time) {
        long end = now() + time.toNanos();
        for (Task<?> next = peek(); next != null && next.at <= end; next = peek()) {
            clock.advance(Duration.ofNanos(Math.max(0, next.at - now())));
            runDue();
        }
        clock.advance(Duration.ofNanos(Math.max(0, end - now())));
    }

    /**
     * Runs all due tasks, including those that become due meanwhile.
     *
     * @return the number of tasks run
     */
    public int runDue() {
        int ran = 0;
        for (Task<?> due = pollDue(); due != null; due = pollDue()) {
            due.runOnce();
            ran++;
        }
        return ran;
    }

    /** The time until the next task; null: there is none. */
    public synchronized @Nullable Duration untilNext() {
        Task<?> next = peek();
        return next == null ? null : Duration.ofNanos(next.at - now());
    }

    /** The number of waiting tasks, without cancelled ones. */
    public synchronized int pending() {
        tasks.removeIf(FutureTask::isCancelled);
        return tasks.size();
    }

    private synchronized @Nullable Task<?> peek() {
        tasks.removeIf(FutureTask::isCancelled);
        return tasks.peek();
    }

    private synchronized @Nullable Task<?> pollDue() {
        Task<?> next = peek();
        return next != null && next.at <= now() ? tasks.poll() : null;
    }

    private long now() {
        return clock.nanoTime().getAsLong();
    }

    private <V> Task<V> add(Callable<V> work, long delayNanos, long everyNanos) {
        Task<V> task = new Task<>(work, now() + Math.max(0, delayNanos), everyNanos);
        enqueue(task);
        return task;
    }

    private synchronized void enqueue(Task<?> task) {
        if (shutdown) {
            throw new RejectedExecutionException("the scheduler is shut down");
        }
        task.order = sequence++;
        tasks.add(task);
    }

    private synchronized void addAgain(Task<?> task) {
        if (!shutdown) {
            tasks.add(task);
        }
    }

    @Override
    public void execute(Runnable command) {
        enqueue(new Task<>(() -> runThen(command), now(), 0));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(() -> runThen(command), unit.toNanos(delay), 0);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(callable, unit.toNanos(delay), 0);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
        return add(() -> runThen(command), unit.toNanos(first), unit.toNanos(period));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
        return add(() -> runThen(command), unit.toNanos(first), unit.toNanos(delay));
    }

    private static Boolean runThen(Runnable command) {
        command.run();
        return true;
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> waiting = new ArrayList<>(tasks);
        tasks.clear();
        return waiting;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutdown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final long everyNanos;
        private long order;
        private long at;

        Task(Callable<V> work, long at, long everyNanos) {
            super(work);
            this.at = at;
            this.everyNanos = everyNanos;
        }

        void runOnce() {
            if (everyNanos == 0) {
                run();
            } else if (runAndReset()) {
                at += everyNanos;
                addAgain(this);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - now(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Task<?> task = (Task<?>) other;
            return at == task.at ? Long.compare(order, task.order) : Long.compare(at, task.at);
        }
    }
}
