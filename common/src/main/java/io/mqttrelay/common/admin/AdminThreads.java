package io.mqttrelay.common.admin;

import io.micrometer.core.instrument.Counter;
import io.mqttrelay.common.thread.CallThreads;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that serve admin requests. While all threads are busy, each further request evicts the
 * request that has waited longest for its client: its thread is interrupted, which closes the connection. So clients
 * that are slow to send a request or to read an answer cannot block a complete request. A request whose answer is
 * being built is not evicted.
 *
 * <p>Platform threads, never virtual ones: the JDK's server reads under a monitor. On a JVM that pins a virtual
 * thread there, two half-sent requests would hold the carriers of all other calls of the process. Thread-safe.
 */
final class AdminThreads implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(AdminThreads.class);
    private static final long TOLD_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int size;
    private final Counter evictions;
    private final ExecutorService pool;

    // guarded by this
    private final Map<Thread, Request> running = new HashMap<>();
    private final Set<Request> waiting = new LinkedHashSet<>(); // that wait for their clients, longest wait first
    private int open;
    private int evicted; // number of open requests that are evicted
    private long toldAt = System.nanoTime() - TOLD_AGAIN_NANOS;

    AdminThreads(int size, Counter evictions) {
        this.size = size;
        this.evictions = evictions;
        this.pool = CallThreads.platform("admin", size);
    }

    /** Serves a connection that has input: reads the request and answers it. Does not block. */
    void execute(Runnable serve) {
        synchronized (this) {
            open++;
            makeRoom(null);
        }
        pool.execute(new Request(serve));
    }

    /**
     * Evicts one waiting request if there are more requests than threads. It runs whenever a request arrives, begins
     * or waits for its client, so queued requests are never stuck.
     */
    private void makeRoom(@Nullable Request besides) {
        if (open - evicted <= size) {
            return;
        }
        waiting.stream().filter(request -> request != besides).findFirst().ifPresent(longest -> {
            waiting.remove(longest);
            longest.evict();
            evicted++;
            evictions.increment();
            tell();
        });
    }

    private void tell() {
        long now = System.nanoTime();
        if (now - toldAt >= TOLD_AGAIN_NANOS) {
            toldAt = now;
            log.warn(
                    "admin port: {} requests at once, the connection that waited longest for its client was closed;"
                            + " limit by network rules which hosts reach the port",
                    size);
        }
    }

    /**
     * Marks the request of this thread as complete: its answer is being built, and it is not evicted.
     *
     * @return whether the connection is still usable
     */
    synchronized boolean answering() {
        Request request = running.get(Thread.currentThread());
        return request == null || waiting.remove(request) || !request.evicted;
    }

    /** Marks the request of this thread as waiting, for its turn or for its client: it may be evicted. */
    synchronized void waits() {
        Request request = running.get(Thread.currentThread());
        if (request != null && !request.evicted) {
            waiting.add(request);
            makeRoom(request);
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    private final class Request implements Runnable {
        private final Runnable serve;
        private @Nullable Thread thread;
        private boolean evicted;

        Request(Runnable serve) {
            this.serve = serve;
        }

        @Override
        public void run() {
            begin();
            try {
                serve.run();
            } finally {
                end();
            }
        }

        private void begin() {
            synchronized (AdminThreads.this) {
                thread = Thread.currentThread();
                running.put(thread, this);
                waiting.add(this);
                makeRoom(this);
            }
        }

        private void evict() {
            evicted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }

        private void end() {
            synchronized (AdminThreads.this) {
                running.remove(Thread.currentThread());
                waiting.remove(this);
                open--;
                if (evicted) {
                    AdminThreads.this.evicted--;
                }
                Thread.interrupted(); // clear the interrupt of this request, not of the next one
            }
        }
    }
}
