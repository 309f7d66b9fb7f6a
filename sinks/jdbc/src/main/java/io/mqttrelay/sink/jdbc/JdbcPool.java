package io.mqttrelay.sink.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the database of one target, which its addresses share. Connects when the first call needs a
 * connection, and keeps none for long that no call uses. Any thread.
 */
final class JdbcPool implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(JdbcPool.class);

    private static final Duration IDLE = Duration.ofMinutes(1);

    /** A busy connection never asks DNS again: after this time at most, a database that moved is found. */
    private static final Duration AGE = Duration.ofMinutes(10);

    /** To find out that a connection that rested is dead. */
    private static final Duration VALIDATION = Duration.ofSeconds(1);

    /** A call that waits for a new connection looks this often whether connecting has failed. */
    private static final long LOOK_MILLIS = 50;

    private final String target;
    private final int size;
    private final Connector connector;
    private final HikariPool pool;
    private final ConnectionShares shares;

    /** @param size connections at most */
    JdbcPool(String target, int size, Connector connector) {
        this.target = target;
        this.size = size;
        this.connector = connector;
        this.shares = new ConnectionShares(size);
        HikariConfig config = new HikariConfig();
        config.setPoolName("jdbc-" + target);
        config.setDataSource(connector);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE.toMillis());
        config.setMaxLifetime(AGE.toMillis());
        config.setValidationTimeout(VALIDATION.toMillis());
        config.setInitializationFailTimeout(-1); // not before the first call
        config.setAutoCommit(false);
        config.setExceptionOverride(new KeepForUs());
        config.validate();
        this.pool = new HikariPool(config);
    }

    /** A call decides itself which connections are broken; the pool would log each with the driver's text. */
    @SuppressWarnings("SameNameButDifferent") // of the interface
    public static final class KeepForUs implements SQLExceptionOverride {
        @java.lang.Override // the interface has a type of the same name
        public SQLExceptionOverride.Override adjudicate(SQLException e) {
            return SQLExceptionOverride.Override.DO_NOT_EVICT;
        }
    }

    /** The share of one more address. */
    ConnectionShares.Share share() {
        ConnectionShares.Share share = shares.add();
        int addresses = shares.count();
        if (addresses > size) {
            log.warn(
                    "{} addresses share the {} connections of targets.jdbc.{}: one that hangs may delay the others;"
                            + " raise pool_size to {} or more",
                    addresses,
                    size,
                    target,
                    addresses);
        }
        return share;
    }

    /** Whether no sink refers to one of its addresses any more. */
    boolean isUnused() {
        return shares.count() == 0;
    }

    /**
     * A connection that one call has for itself.
     *
     * @param share of the address
     * @param deadline of the call, in the terms of {@link System#nanoTime}
     * @throws PoolBusyException if none became free in time: other calls of this address have them
     * @throws SQLException if connecting failed
     */
    Lease lease(ConnectionShares.Share share, long deadline)
            throws SQLException, PoolBusyException, InterruptedException {
        SQLException before = connector.lastFailure();
        if (!share.take(deadline - System.nanoTime())) {
            throw new PoolBusyException(size);
        }
        Connection connection = null;
        try {
            connection = connection(before, deadline);
            return new Lease(connection, connector.session(connection), share);
        } catch (SQLException | RuntimeException | Error e) {
            share.giveBack();
            if (connection != null) {
                pool.evictConnection(connection);
            }
            throw e;
        }
    }

    /** Waits in short steps: the pool alone would hide that connecting fails until the end of the wait. */
    private Connection connection(@Nullable SQLException before, long deadline) throws SQLException {
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            try {
                return pool.getConnection(Math.max(1, Math.min(left, LOOK_MILLIS)));
            } catch (SQLTransientConnectionException e) {
                SQLException failure = connector.lastFailure();
                if (failure != null && failure != before) {
                    throw failure;
                }
                if (left <= LOOK_MILLIS) {
                    throw e;
                }
            }
        }
    }

    /** All connections of the pool are in use by calls of one address. */
    static final class PoolBusyException extends Exception {
        private static final long serialVersionUID = 1L;

        PoolBusyException(int size) {
            super("no connection of the pool became free (pool_size " + size + ")");
        }
    }

    /** A connection in the hands of one call, until it is closed. */
    final class Lease implements AutoCloseable {
        private final Connection connection;
        private final DatabaseSession session;
        private final ConnectionShares.Share share;

        private Lease(Connection connection, DatabaseSession session, ConnectionShares.Share share) {
            this.connection = connection;
            this.session = session;
            this.share = share;
        }

        Connection connection() {
            return connection;
        }

        DatabaseSession session() {
            return session;
        }

        /** Takes the connection out of the pool: it is cut at once. */
        void evict() {
            session.abort();
            pool.evictConnection(connection);
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("a connection to targets.jdbc.{} was not returned cleanly", target, e);
                evict();
            } finally {
                share.giveBack();
            }
        }
    }

    /** Ends the calls in flight and closes all connections. */
    @Override
    public void close() {
        connector.abortAll();
        try {
            pool.shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
