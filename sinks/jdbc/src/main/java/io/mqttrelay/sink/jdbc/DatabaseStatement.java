package io.mqttrelay.sink.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the statement of one address for one or several messages, in the transaction of its caller. Any thread.
 *
 * @param bindings of its parameters
 */
record DatabaseStatement(Dialect dialect, JdbcStatement statement, Bindings bindings) {
    /**
     * Runs the statement once for each row of values, in their order.
     *
     * @param timeout for a driver without a limit of the whole session
     */
    void run(Connection connection, List<List<@Nullable Object>> rows, Duration timeout) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
            if (dialect == Dialect.H2) {
                prepared.setQueryTimeout((int)
                        Math.min(Integer.MAX_VALUE, timeout.plusMillis(999).toSeconds()));
            }
            if (rows.size() > 1 && statement.isBatched()) {
                for (List<@Nullable Object> row : rows) {
                    bindings.bind(prepared, row);
                    prepared.addBatch();
                }
                prepared.executeBatch();
            } else {
                prepared.setMaxRows(1); // what a query returns is of no use
                for (List<@Nullable Object> row : rows) {
                    bindings.bind(prepared, row);
                    prepared.execute();
                }
            }
        }
    }
}
