package io.mqttrelay.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Threads of which one runs at a time, chosen by the test: blocking code becomes a schedule that a seed repeats
 * exactly.
 */
final class Coroutines implements Executor, AutoCloseable {
    /** One thread. */
    static final class Coroutine {
        private final Semaphore go = new Semaphore(0);
    }

    private static final ThreadLocal<Coroutine> CURRENT = new ThreadLocal<>();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "coroutine");
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore back = new Semaphore(0);
    private final List<Coroutine> ready = new ArrayList<>();
    private @Nullable Throwable failure;

    @Override
    public void execute(Runnable task) {
        Coroutine coroutine = new Coroutine();
        ready.add(coroutine);
        threads.execute(() -> {
            coroutine.go.acquireUninterruptibly();
            CURRENT.set(coroutine);
            try {
                task.run();
            } catch (Throwable e) {
                failure = e;
            } finally {
                back.release();
            }
        });
    }

    /** The coroutines that have not begun. */
    List<Coroutine> ready() {
        return ready;
    }

    static Coroutine current() {
        return CURRENT.get();
    }

    /** Stops the calling coroutine until the test resumes it. */
    void park() {
        Coroutine self = CURRENT.get();
        back.release();
        self.go.acquireUninterruptibly();
    }

    /** Lets a coroutine run until it parks or ends. */
    void resume(Coroutine coroutine) {
        ready.remove(coroutine);
        coroutine.go.release();
        back.acquireUninterruptibly();
        if (failure != null) {
            throw new AssertionError("a coroutine failed", failure);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
