package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.egress.Egress;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connects to one database, for the pool. Connects within a bounded time and by checked sockets only. Any thread. */
final class Connector implements DataSource {
    /** Of a whole connect: all addresses of all hosts, TLS and login. */
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(15);

    private final Driver driver;
    private final DatabaseUrl url;
    private final Properties properties;
    private final Egress egress;
    private final ScheduledExecutorService timer;
    private final Map<Connection, DatabaseSession> sessions = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile @Nullable SQLException lastFailure;

    /** @param properties with user and password */
    Connector(Driver driver, DatabaseUrl url, Properties properties, Egress egress, ScheduledExecutorService timer) {
        this.driver = driver;
        this.url = url;
        this.properties = properties;
        this.egress = egress;
        this.timer = timer;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Dialling dialling = new Dialling(egress);
        ScheduledFuture<?> limit = timer.schedule(dialling::abort, LONGEST_CONNECT.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return dialling.connect(() -> connect(dialling));
        } catch (SQLException e) {
            lastFailure = e;
            throw e;
        } catch (Exception e) { // a driver may throw anything for what a server sends
            SQLException failure =
                    new SQLException("connecting failed: " + e.getClass().getSimpleName(), "08001", e);
            lastFailure = failure;
            throw failure;
        } finally {
            limit.cancel(false);
        }
    }

    private Connection connect(Dialling dialling) throws SQLException {
        Connection connection = driver.connect(url.driverUrl(), (Properties) properties.clone());
        if (connection == null) {
            throw new SQLException("the driver does not take this URL", "08001");
        }
        try {
            sessions.put(connection, DatabaseSession.open(connection, url.dialect(), dialling));
        } catch (SQLException e) {
            dialling.abort();
            throw e;
        }
        return connection;
    }

    /** The session of a connection that this object has made. */
    DatabaseSession session(Connection pooled) throws SQLException {
        DatabaseSession session = sessions.get(pooled.unwrap(Connection.class));
        if (session == null) {
            throw new SQLException("a connection without a session", "08003");
        }
        return session;
    }

    /** The last failure to connect; null: there was none. Compare by identity to see whether there is a new one. */
    @Nullable
    SQLException lastFailure() {
        return lastFailure;
    }

    /** Cuts all connections: the calls on them end at once. */
    void abortAll() {
        synchronized (sessions) {
            sessions.values().forEach(DatabaseSession::abort);
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // the log is of no use: it would have the driver's texts, which may hold secrets
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // the limit is LONGEST_CONNECT: with a login timeout a driver connects on a thread of its own
    }

    /** When the pool is closed, it waits so many seconds for a thread that still connects. */
    @Override
    public int getLoginTimeout() {
        return 1;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
