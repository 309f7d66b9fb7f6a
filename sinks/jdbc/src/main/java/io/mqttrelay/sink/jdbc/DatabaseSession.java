package io.mqttrelay.sink.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection as the server sees it: its number there, and the server's own limit of a statement's time. Used by one
 * thread at a time, except {@link #abort}.
 */
final class DatabaseSession {
    /**
     * The process and its start, because a number may return; and the server looks once a second whether the client is
     * still there, also while a statement runs (PostgreSQL 14 and newer).
     */
    private static final String POSTGRESQL_OPEN = """
        SELECT pid || '/' || extract(epoch FROM backend_start),
          (SELECT set_config(name, '1s', false) FROM pg_settings WHERE name = 'client_connection_check_interval')
        FROM pg_stat_activity WHERE pid = pg_backend_pid()""";

    private static final String POSTGRESQL_RUNS = """
        SELECT 1 FROM pg_stat_activity
        WHERE pid || '/' || extract(epoch FROM backend_start) = ? AND state <> 'idle'""";

    private static final String POSTGRESQL_LIMIT = """
        SELECT set_config('statement_timeout', ?, true), set_config('idle_in_transaction_session_timeout', ?, true)""";

    private static final String MARIADB_OPEN = "SELECT CONNECTION_ID()";
    private static final String MARIADB_RUNS = "SELECT 1 FROM information_schema.processlist WHERE id = ?";

    private final Dialect dialect;
    private final Dialling dialling;
    private final @Nullable String number;
    private @Nullable Duration limit;

    private DatabaseSession(Dialect dialect, Dialling dialling, @Nullable String number) {
        this.dialect = dialect;
        this.dialling = dialling;
        this.number = number;
    }

    /** Asks the server for the number of a new connection, and leaves no transaction open. */
    static DatabaseSession open(Connection connection, Dialect dialect, Dialling dialling) throws SQLException {
        String number = switch (dialect) {
            case POSTGRESQL -> first(connection, POSTGRESQL_OPEN);
            case MARIADB -> first(connection, MARIADB_OPEN);
            case H2 -> null;
        };
        return new DatabaseSession(dialect, dialling, number);
    }

    private static @Nullable String first(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** The number at the server; null: it has none. */
    @Nullable
    String number() {
        return number;
    }

    /** Begins a transaction in which the server ends a statement after this time. */
    void begin(Connection connection, Duration timeout) throws SQLException {
        switch (dialect) {
            case POSTGRESQL -> {
                // for this transaction only: a pooler in between may lend the server's session to other clients
                try (PreparedStatement set = connection.prepareStatement(POSTGRESQL_LIMIT)) {
                    set.setString(1, millis(timeout));
                    set.setString(2, millis(timeout));
                    set.execute();
                }
            }
            case MARIADB -> {
                if (!timeout.equals(limit)) {
                    try (Statement set = connection.createStatement()) {
                        set.execute("SET max_statement_time = " + timeout.toMillis() / 1000.0);
                    }
                    limit = timeout;
                }
            }
            case H2 -> {
                // its driver has a limit of each statement
            }
        }
    }

    private static String millis(Duration timeout) {
        return Long.toString(Math.min(timeout.toMillis(), Integer.MAX_VALUE));
    }

    /** Whether the server still runs another session, asked in the transaction of this one. */
    boolean runs(Connection connection, String other) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(dialect == Dialect.POSTGRESQL ? POSTGRESQL_RUNS : MARIADB_RUNS)) {
            query.setString(1, other);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Cuts the connection at once, from any thread. */
    void abort() {
        dialling.abort();
    }
}
