package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.text.RootCause;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a failed statement or connection, by SQLState and by the error numbers of MariaDB, which has one state
 * (HY000) for many errors. The README of this module has this table for people.
 *
 * @param isRefused the message is the cause, and sending it again cannot help
 * @param cause of a failure that another attempt may cure
 * @param state SQLState; empty: none
 * @param error the exception that says why
 */
record SqlFailure(boolean isRefused, Cause cause, String state, SQLException error) {
    private static final int MAX_CHAIN = 10;

    /** Connection, resources, operator, lock, log-in, and the statement itself or its tables. */
    private static final Set<String> ADDRESS_CLASSES =
            Set.of("08", "28", "3D", "3F", "40", "42", "53", "57", "58", "HV");

    /** Lock not available, read-only, lock timeouts, interrupted; of H2: closed database or connection. */
    private static final Set<String> ADDRESS_STATES =
            Set.of("55P03", "25006", "72000", "HYT00", "HYT01", "70100", "90067", "90098", "90121");

    /** Data, constraint, cardinality, check option, limits of a row. */
    private static final Set<String> MESSAGE_CLASSES = Set.of("21", "22", "23", "44", "54");

    /** A row that a foreign key points to may come later. */
    private static final String FOREIGN_KEY = "23503";

    /** The server or this session is read-only: after a failover the old primary may be. */
    private static final Set<String> READ_ONLY_STATES = Set.of("25006");

    private static final Set<Integer> READ_ONLY = Set.of(1290, 1792, 1836);

    /** Full, out of memory or connections, access, lock, shutdown, killed, timeout: all of HY000, or of a class that misleads. */
    private static final Set<Integer> MARIADB_ADDRESS = Set.of(
            1020, 1021, 1026, 1030, 1037, 1038, 1040, 1041, 1044, 1045, 1049, 1053, 1114, 1129, 1130, 1180, 1203, 1205,
            1213, 1226, 1290, 1317, 1364, 1615, 1792, 1836, 1927, 1969, 2013, 3024, 4151);

    /** Too large a packet, truncated, no such value, too long, out of range, constraint. */
    private static final Set<Integer> MARIADB_MESSAGE =
            Set.of(1048, 1062, 1153, 1264, 1265, 1292, 1366, 1406, 1690, 3140, 4025, 4038);

    /** Foreign keys. */
    private static final Set<Integer> MARIADB_EITHER = Set.of(1216, 1217, 1451, 1452);

    /** The failure that an exception of a driver or of the pool means. */
    static SqlFailure of(SQLException thrown, Dialect dialect) {
        SQLException error = telling(thrown);
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        Boolean byNumber = dialect.isMariaDb() ? byNumber(error.getErrorCode()) : null;
        if (byNumber != null) {
            return new SqlFailure(byNumber, Cause.ADDRESS, state, error);
        }
        boolean isForeignKey =
                state.equals(FOREIGN_KEY) || (dialect.isMariaDb() && MARIADB_EITHER.contains(error.getErrorCode()));
        if (!isForeignKey && MESSAGE_CLASSES.contains(classOf(state))) {
            return new SqlFailure(true, Cause.EITHER, state, error);
        }
        return new SqlFailure(false, isOfAddress(error, state) ? Cause.ADDRESS : Cause.EITHER, state, error);
    }

    /** True: the message; false: the address; null: the number does not tell. */
    private static @Nullable Boolean byNumber(int number) {
        if (MARIADB_MESSAGE.contains(number)) {
            return true;
        }
        return MARIADB_ADDRESS.contains(number) ? false : null;
    }

    private static boolean isOfAddress(SQLException error, String state) {
        return ADDRESS_CLASSES.contains(classOf(state))
                || ADDRESS_STATES.contains(state)
                || RootCause.has(error, IOException.class);
    }

    private static String classOf(String state) {
        return state.length() < 2 ? "" : state.substring(0, 2);
    }

    /** The error of the row: that of a batch quotes the whole statement with its values. */
    private static SQLException telling(SQLException thrown) {
        SQLException at = thrown;
        for (int depth = 0; depth < MAX_CHAIN && at instanceof BatchUpdateException; depth++) {
            SQLException next = at.getNextException();
            if (next == null && at.getCause() instanceof SQLException cause) {
                next = cause;
            }
            if (next == null) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** Whether the connection must not be used again. */
    boolean isConnectionLost() {
        return state.startsWith("08")
                || state.startsWith("57P")
                || isReadOnly()
                || error.getErrorCode() == 1927
                || RootCause.has(error, IOException.class);
    }

    private boolean isReadOnly() {
        return READ_ONLY_STATES.contains(state) || READ_ONLY.contains(error.getErrorCode());
    }

    /** For people; may quote text of the server, and secrets: the caller removes them. */
    String text() {
        Throwable root = RootCause.of(error);
        if (root instanceof CheckedSockets.DeniedException) {
            return String.valueOf(root.getMessage());
        }
        if (root instanceof UnknownHostException) {
            return "unknown host";
        }
        if (root instanceof IOException && state.startsWith("08")) {
            return "connection failed: " + root.getMessage();
        }
        String said = error instanceof BatchUpdateException ? "the batch failed" : String.valueOf(error.getMessage());
        return (state.isEmpty() ? "" : "SQLState " + state + ": ") + plain(said);
    }

    /** Without the prefixes of the drivers, and the first line only: PostgreSQL adds the position and more. */
    private static String plain(String message) {
        return message.lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^\\(conn=\\d+\\) ", "")
                .replaceFirst("^ERROR: ", "");
    }
}
