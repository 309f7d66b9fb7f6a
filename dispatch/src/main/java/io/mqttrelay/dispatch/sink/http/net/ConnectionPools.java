package io.mqttrelay.dispatch.sink.http.net;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.ConnectionListener;
import okhttp3.internal.connection.RealConnection;
import okhttp3.internal.connection.RealConnectionPool;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The connection pools of all addresses, and one thread that closes idle connections.
 *
 * <p>OkHttp's pools would do this themselves: after each call, a pool wakes a thread that looks at all its connections.
 * That takes a fifth of a call's processor time. So their {@link TaskRunner} never runs a task, and this class closes
 * connections instead. It is the only class that uses OkHttp's internal packages; see decision 029.
 */
final class ConnectionPools implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(ConnectionPools.class);

    private static final Duration LOOK = Duration.ofMillis(250);

    /** A pool; it outlives its user, until its connections have been idle for long enough, or all is closed. */
    private record Pool(RealConnectionPool connections, WeakReference<ConnectionPool> user) {
        void closeIdle() {
            while (connections.closeConnections(System.nanoTime()) == 0) {
                // one was closed, or just found work
            }
        }

        boolean isDone() {
            return user.get() == null && connections.connectionCount() == 0;
        }
    }

    private final Duration idle;
    private final List<Pool> pools = new ArrayList<>(); // guarded by itself
    private final Set<Pool> failing = new HashSet<>(); // guarded by pools
    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> looking;

    /**
     * @param idle a connection is closed after this time without a call, and {@link #LOOK} later at most
     * @param thread looks after the pools; ended by {@link #close}
     */
    ConnectionPools(Duration idle, ScheduledExecutorService thread) {
        this.idle = idle;
        this.thread = thread;
        this.looking =
                thread.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Makes the pool of one address.
     *
     * @param mostIdle connections without a call that are kept
     */
    ConnectionPool pool(int mostIdle) {
        RealConnectionPool connections = new RealConnectionPool(
                new TaskRunner(new RunsNothing(), TaskRunner.Companion.getLogger()),
                mostIdle,
                idle.toMillis(),
                TimeUnit.MILLISECONDS,
                ConnectionListener.Companion.getNONE());
        ConnectionPool user = new ConnectionPool(connections);
        synchronized (pools) {
            pools.add(new Pool(connections, new WeakReference<>(user)));
        }
        return user;
    }

    private void look() {
        synchronized (pools) {
            for (Iterator<Pool> each = pools.iterator(); each.hasNext(); ) {
                Pool pool = each.next();
                try {
                    pool.closeIdle();
                    failing.remove(pool);
                } catch (RuntimeException e) {
                    if (failing.add(
                            pool)) { // a defect, for one address: the others' connections are closed all the same
                        log.error("idle connections of one address cannot be closed, will be tried again", e);
                    }
                }
                if (pool.isDone()) {
                    failing.remove(pool);
                    each.remove();
                }
            }
        }
    }

    /** Closes all connections without a call. */
    @Override
    public void close() {
        looking.cancel(false);
        thread.shutdown();
        synchronized (pools) {
            pools.forEach(pool -> pool.connections().evictAll());
        }
    }

    /** Runs no task: a pool's own task waits for ever, and requesting it again only looks at a list of one. */
    private static final class RunsNothing implements TaskRunner.Backend {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void execute(TaskRunner runner, Runnable task) {}

        @Override
        public void coordinatorNotify(TaskRunner runner) {}

        @Override
        public void coordinatorWait(TaskRunner runner, long nanos) {}

        @Override
        public <T> BlockingQueue<T> decorate(BlockingQueue<T> queue) {
            return queue;
        }
    }

    /** Gives the connection no further call. */
    static void retire(Connection connection) {
        if (connection instanceof RealConnection real) {
            real.noNewExchanges();
        }
    }
}
