package io.mqttrelay.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailureTest {
    private static String meaning(SQLException thrown, Dialect dialect) {
        SqlFailure failure = SqlFailure.of(thrown, dialect);
        return failure.isRefused() ? "MESSAGE" : failure.cause().name();
    }

    @ParameterizedTest
    @CsvSource({
        "08006, ADDRESS", "28P01, ADDRESS", "3D000, ADDRESS", "40001, ADDRESS", "40P01, ADDRESS", "42P01, ADDRESS",
        "42501, ADDRESS", "53100, ADDRESS", "53300, ADDRESS", "55P03, ADDRESS", "25006, ADDRESS", "57014, ADDRESS",
        "57P01, ADDRESS", "57P03, ADDRESS", "58030, ADDRESS", "22021, MESSAGE", "22P02, MESSAGE", "22001, MESSAGE",
        "23505, MESSAGE", "23502, MESSAGE", "23514, MESSAGE", "21000, MESSAGE", "54000, MESSAGE", "23503, EITHER",
        "P0001, EITHER", "XX000, EITHER", "0A000, EITHER", ", EITHER"
    })
    void statesOfPostgreSql(String state, String expected) {
        assertThat(meaning(new SQLException("x", state), Dialect.POSTGRESQL)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "HY000, 1205, ADDRESS", "HY000, 1290, ADDRESS", "08004, 1040, ADDRESS", "42000, 1203, ADDRESS",
        "70100, 1969, ADDRESS", "HY000, 3024, ADDRESS", "HY000, 1114, ADDRESS", "42S02, 1146, ADDRESS",
        "HY000, 1364, ADDRESS", "08S01, 1153, MESSAGE", "HY000, 1366, MESSAGE", "01000, 1265, MESSAGE",
        "23000, 1062, MESSAGE", "22001, 1406, MESSAGE", "23000, 1452, EITHER", "HY000, 1105, EITHER",
        "45000, 1644, EITHER"
    })
    void numbersOfMariaDb(String state, int number, String expected) {
        assertThat(meaning(new SQLException("x", state, number), Dialect.MARIADB))
                .isEqualTo(expected);
    }

    @Test
    void theTextOfABatchIsThatOfItsRow() {
        BatchUpdateException batch =
                new BatchUpdateException("Batch entry 0 INSERT ... ('the payload')", "22021", new int[0]);
        batch.setNextException(new SQLException("ERROR: invalid byte sequence\n  Detail: x", "22021"));

        assertThat(SqlFailure.of(batch, Dialect.POSTGRESQL).text()).isEqualTo("SQLState 22021: invalid byte sequence");
    }

    @Test
    void theReasonOfTheEgressPolicyIsGiven() {
        SQLException failed = new SQLException(
                "x", "08001", new IOException(new CheckedSockets.DeniedException("10.0.0.1 is denied")));

        SqlFailure failure = SqlFailure.of(failed, Dialect.POSTGRESQL);

        assertThat(failure.text()).isEqualTo("10.0.0.1 is denied");
        assertThat(failure.cause()).isEqualTo(Cause.ADDRESS);
    }

    @Test
    void secretsAreRemoved() {
        HiddenSecrets hidden = new HiddenSecrets(List.of("hunter22"));

        assertThat(hidden.oneLine("no login hunter22 at jdbc:postgresql://h/db?x\nmore"))
                .isEqualTo("no login *** at the database?more");
    }
}
