package io.mqttrelay.dispatch.sink.http;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.ConnectionListener;
import okhttp3.internal.connection.RealConnectionPool;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The pools of all addresses, and one thread that closes the connections that nobody has used for a while.
 *
 * <p>OkHttp's pools would do that by themselves: after each call, one wakes a thread that looks at all its connections. That
 * is a fifth of a call's processor time, so their {@link TaskRunner} is one that never runs anything, and they are looked
 * after from here. This class alone uses what OkHttp calls internal; see decision 029.
 */
final class ConnectionPools implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(ConnectionPools.class);

    private static final Duration LOOK = Duration.ofMillis(250);

    /** Its connections outlive whoever made them: until they have been idle for long enough, or all is closed. */
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
    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> looking;

    /** @param idle a connection is closed when it has been so long without a call, and {@link #LOOK} more at most */
    ConnectionPools(Duration idle) {
        this.idle = idle;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "dispatch-connections");
            made.setDaemon(true);
            return made;
        });
        this.looking =
                thread.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @param mostIdle connections without a call that are kept */
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
                } catch (RuntimeException e) {
                    log.error("idle connections could not be looked after; trying again", e); // a defect, of one pool
                }
                if (pool.isDone()) {
                    each.remove();
                }
            }
        }
    }

    /** Closes all connections that have no call. */
    @Override
    public void close() {
        looking.cancel(false);
        thread.shutdown();
        synchronized (pools) {
            pools.forEach(pool -> pool.connections().evictAll());
        }
    }

    /** So what a pool wants to have done waits for ever, and asking for it again is a glance at a list of one. */
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
}
