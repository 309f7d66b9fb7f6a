package io.mqttrelay.common.thread;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates the executors of one process. An exception or error that escapes from a task is a defect and is reported to
 * {@code onFailure}, which ends the process. The JDK's executors would keep it in a {@link Future} that no thread
 * reads. All threads are daemons.
 */
public final class GuardedExecutors {
    private static final long IDLE_SECONDS = 30;

    private final Consumer<Throwable> onFailure;

    /** @param onFailure called on the task's thread with each failure: {@link Shutdown#fail} fits */
    public GuardedExecutors(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    /**
     * Creates one thread that runs tasks at once, after a delay or periodically. The thread exists when this method
     * returns, so that a later task cannot fail because no thread can be created. Cancelled tasks are removed.
     *
     * @param name the thread's name
     */
    public ScheduledThreadPoolExecutor timer(String name) {
        GuardedTimer timer = new GuardedTimer(threads(() -> name));
        timer.setRemoveOnCancelPolicy(true);
        timer.prestartAllCoreThreads();
        return timer;
    }

    /**
     * Creates a pool of up to {@code most} threads; further tasks queue. Idle threads end.
     *
     * @param name the threads' name, a number is added
     */
    public ExecutorService pool(String name, int most) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads(() -> name + "-" + number.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** As {@link CallThreads#create}, with reported failures. */
    public ExecutorService calls(String name, int platformThreads) {
        return CallThreads.create(name, platformThreads, (thread, thrown) -> onFailure.accept(thrown));
    }

    /** Runs a task on the calling thread, a library's thread that would swallow an exception. */
    public void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    private ThreadFactory threads(Supplier<String> name) {
        return task -> {
            Thread thread = new Thread(task, name.get());
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((dead, thrown) -> onFailure.accept(thrown));
            return thread;
        };
    }

    /** Reads the futures into which the JDK wraps all tasks. */
    private final class GuardedTimer extends ScheduledThreadPoolExecutor {
        GuardedTimer(ThreadFactory threads) {
            super(1, threads);
        }

        @Override
        protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
            super.afterExecute(task, thrown);
            Throwable escaped = task instanceof Future<?> future && future.isDone() ? failure(future) : null;
            if (escaped instanceof Error || (escaped != null && !isShutdown())) {
                onFailure.accept(escaped); // an exception after shutdownNow is the interrupt
            }
        }

        private static @Nullable Throwable failure(Future<?> done) {
            try {
                done.get();
                return null;
            } catch (ExecutionException e) {
                return e.getCause();
            } catch (CancellationException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
    }
}
