package io.mqttrelay.sink.jdbc;

import static io.mqttrelay.sink.jdbc.JdbcUnderTest.message;
import static io.mqttrelay.sink.jdbc.JdbcUnderTest.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.testkit.database.DatabaseProcess.Kind;
import io.mqttrelay.testkit.database.RequiresDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A real MariaDB: values, refused rows, and each way in which it fails. */
@RequiresDatabase(Kind.MARIADB)
class MariaDbIT extends DatabaseCases {
    private static final String INSERT =
            "INSERT INTO t (id, topic, body) VALUES (:id, :topic, :payload_text)" + " ON DUPLICATE KEY UPDATE id = id";

    private static final String TABLE = """
            CREATE TABLE t (id varchar(20) PRIMARY KEY, topic text, body varchar(10), at datetime(3), retained bool,
              qos int, raw blob, doc json, kind text) ENGINE=InnoDB""";

    MariaDbIT() {
        super(Kind.MARIADB, INSERT, TABLE);
    }

    @Test
    void eachParameterIsBoundWithItsType() throws SQLException {
        Sink sink = jdbc.sink(
                "INSERT INTO t (id, topic, at, retained, qos, raw, doc, kind) VALUES (:id, :topic, :received_at,"
                        + " :retain, :qos, :payload, :payload_json, :content_type)",
                "");

        assertThat(send(sink, message("a", "{\"n\": 9007199254740993}"))).isInstanceOf(SinkResult.Accepted.class);

        assertThat(jdbc.column("SELECT concat_ws(' ', date_format(at, '%Y-%m-%dT%H:%i:%s.%f'), retained, qos, hex(raw),"
                        + " json_value(doc, '$.n')) FROM t WHERE kind IS NULL"))
                .containsExactly("2023-11-14T22:13:20.123000 0 1 7B226E223A20393030373139393235343734303939337D"
                        + " 9007199254740993");
    }

    @Test
    void aRefusedRowLeavesNothingOfItsBatch() throws SQLException {
        Sink sink = jdbc.sink(INSERT, ", \"batch\": {}");

        SinkResult refused = send(sink, message("a", "1"), message("b", "far too long a text"), message("c", "3"));

        assertThat(refused).isInstanceOf(SinkResult.Refused.class);
        assertThat(error(refused)).startsWith("SQLState 22001").doesNotContain("INSERT");
        assertThat(jdbc.column("SELECT id FROM t")).isEmpty();
        assertThat(send(sink, message("b", "far too long a text"))).isInstanceOf(SinkResult.Refused.class);
        assertThat(send(sink, message("a", "1"), message("c", "3"))).isInstanceOf(SinkResult.Accepted.class);
        assertThat(jdbc.column("SELECT id FROM t ORDER BY id")).containsExactly("a", "c");
    }

    @Test
    void aKeyThatIsTooLongIsRefusedAndNotCut() throws SQLException {
        SinkResult refused = send(jdbc.sink(INSERT, ""), message("a-key-of-more-than-20-letters", "1"));

        assertThat(refused).isInstanceOf(SinkResult.Refused.class);
        assertThat(jdbc.column("SELECT id FROM t")).isEmpty();
    }

    @Test
    void theServerEndsAStatementThatTimedOut() throws SQLException {
        Sink slow = jdbc.sink("INSERT INTO t (id, body) SELECT :id, sleep(60)", ", \"timeout\": \"2s\"");

        SinkResult result = send(slow, message("a", "1"));

        assertThat(cause(result)).isEqualTo(Cause.ADDRESS);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> jdbc.column(
                                "SELECT id FROM information_schema.processlist WHERE info LIKE '%sleep(60)%' AND id <> connection_id()")
                        .isEmpty());
        assertThat(jdbc.column("SELECT id FROM t")).isEmpty();
    }

    @Test
    void failuresOfTheAddressAreNoRefusals() throws SQLException {
        assertThat(cause(send(jdbc.sink("INSERT INTO missing VALUES (:id)", ""), message("a", "1"))))
                .isEqualTo(Cause.ADDRESS);
        try (JdbcUnderTest wrong = new JdbcUnderTest(database.url(), ", \"password\": \"geheim-und-falsch\"")) {
            SinkResult result = send(wrong.sink(INSERT, ""), message("a", "1"));
            assertThat(cause(result)).isEqualTo(Cause.ADDRESS);
            assertThat(error(result)).startsWith("SQLState 28000").doesNotContain("geheim");
        }
    }
}
