package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One transaction: all messages of the call are stored, or none. {@link #execute} belongs to the thread that waits,
 * {@link #cancel} to any.
 *
 * <p>The timeout bounds the whole call. When it has passed, the connection is cut below the driver, because a driver may
 * wait for a server that neither answers nor reads.
 */
final class JdbcCall implements SinkCall {
    private static final Logger log = LogManager.getLogger(JdbcCall.class);

    private static final Answer COMMITTED = new Answer(null, "committed");
    private static final String CANCELLED = "cancelled";

    private final JdbcSink sink;
    private final List<RelayMessage> messages;

    private @Nullable Thread waiting; // guarded by this; interrupted by cancel
    private @Nullable DatabaseSession running; // guarded by this; cut by cancel and by the timer
    private boolean isCancelled; // guarded by this
    private boolean isLate; // guarded by this

    JdbcCall(JdbcSink sink, List<RelayMessage> messages) {
        this.sink = sink;
        this.messages = messages;
    }

    @Override
    public SinkResult execute() {
        long deadline = System.nanoTime() + sink.timeout().toNanos();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try {
            for (RelayMessage message : messages) {
                rows.add(sink.statement().bindings().values(message));
            }
        } catch (UnprocessableException e) {
            return new SinkResult.Unshaped(String.valueOf(e.getMessage()), e.again());
        }
        try (JdbcPool.Lease lease = lease(deadline)) {
            return store(lease, rows, deadline);
        } catch (JdbcPool.PoolBusyException e) {
            return failed(Cause.OVERLOAD, timedOut() + ": " + e.getMessage());
        } catch (SQLException e) {
            return result(SqlFailure.of(e, dialect()), deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(Cause.ADDRESS, CANCELLED);
        }
    }

    private Dialect dialect() {
        return sink.statement().dialect();
    }

    private JdbcPool.Lease lease(long deadline) throws SQLException, JdbcPool.PoolBusyException, InterruptedException {
        synchronized (this) {
            if (isCancelled) {
                throw new SQLException(CANCELLED);
            }
            waiting = Thread.currentThread();
        }
        try {
            return sink.pool().lease(sink.share(), deadline);
        } catch (InterruptedException e) {
            if (isCancelled()) {
                throw new SQLException(CANCELLED, e);
            }
            throw e;
        } finally {
            synchronized (this) {
                waiting = null;
                if (isCancelled) {
                    Thread.interrupted(); // cancel has interrupted it, and the thread goes on with another call
                }
            }
        }
    }

    private SinkResult store(JdbcPool.Lease lease, List<List<@Nullable Object>> rows, long deadline)
            throws InterruptedException {
        ScheduledFuture<?> limit =
                sink.timer().schedule(this::late, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        try {
            begin(lease.session());
            if (!sink.oldSessions().awaitEnd(messages, lease.connection(), lease.session(), deadline)) {
                return failed(Cause.ADDRESS, timedOut() + ": the session of the attempt before still runs");
            }
            lease.session().begin(lease.connection(), sink.timeout());
            sink.statement().run(lease.connection(), rows, sink.timeout());
            lease.connection().commit();
            end();
            if (isCut()) {
                lease.evict(); // too late for this call, but not for the next one on the connection
            }
            return new SinkResult.Accepted(COMMITTED);
        } catch (SQLException e) {
            end();
            return undone(lease, e, deadline);
        } catch (RuntimeException e) {
            end();
            lease.evict();
            log.warn(
                    "the call of message {} ({} in the call) failed in the driver: {}",
                    messages.get(0).id(),
                    rows.size(),
                    e.getClass().getName());
            log.debug("the failure of the driver", e);
            return failed(Cause.EITHER, "failed in the driver: " + e.getClass().getSimpleName());
        } finally {
            end();
            limit.cancel(false);
        }
    }

    private synchronized void begin(DatabaseSession session) throws SQLException {
        if (isCancelled || isLate) {
            throw new SQLException(CANCELLED);
        }
        running = session;
    }

    private synchronized void end() {
        running = null;
    }

    /** Nothing of the failed transaction stays: it is rolled back, or ends with its connection. */
    private SinkResult undone(JdbcPool.Lease lease, SQLException e, long deadline) {
        SqlFailure failure = SqlFailure.of(e, dialect());
        boolean isCut = isCut() || failure.isConnectionLost();
        if (!isCut) {
            try {
                lease.connection().rollback();
            } catch (SQLException notRolledBack) {
                isCut = true;
            }
        }
        if (isCut) {
            lease.evict();
            sink.oldSessions().add(messages, lease.session().number(), sink.timeout());
        }
        return result(failure, deadline);
    }

    private SinkResult result(SqlFailure failure, long deadline) {
        if (isCancelled()) {
            return failed(Cause.ADDRESS, CANCELLED);
        }
        if (isCut() || (!failure.isRefused() && deadline - System.nanoTime() <= 0)) {
            return failed(Cause.ADDRESS, timedOut());
        }
        String error = sink.hidden().oneLine(failure.text());
        Answer answer = failure.state().isEmpty()
                ? null
                : new Answer(null, "sql-" + failure.state().substring(0, 2));
        if (failure.isRefused()) {
            return new SinkResult.Refused(answer == null ? new Answer(null, "sql") : answer, error);
        }
        return new SinkResult.Unavailable(failure.cause(), answer, error, null);
    }

    private static SinkResult failed(Cause cause, String error) {
        return new SinkResult.Unavailable(cause, null, error, null);
    }

    private String timedOut() {
        return "timed out after " + sink.timeout().toString().substring(2).toLowerCase(Locale.ROOT);
    }

    private synchronized boolean isCut() {
        return isLate || isCancelled;
    }

    private synchronized boolean isCancelled() {
        return isCancelled;
    }

    private synchronized void late() {
        if (running != null) {
            isLate = true;
            running.abort();
        }
    }

    @Override
    public synchronized void cancel() {
        isCancelled = true;
        if (running != null) {
            running.abort();
        }
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
