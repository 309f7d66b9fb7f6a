package io.mqttrelay.sink.jdbc;

import static io.mqttrelay.sink.jdbc.JdbcUnderTest.message;
import static io.mqttrelay.sink.jdbc.JdbcUnderTest.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.testkit.database.DatabaseProcess.Kind;
import io.mqttrelay.testkit.database.RequiresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A real PostgreSQL: values, refused rows, and each way in which it fails. */
@RequiresDatabase(Kind.POSTGRESQL)
class PostgreSqlIT extends DatabaseCases {
    private static final String INSERT =
            "INSERT INTO t (id, topic, body) VALUES (:id, :topic, :payload_text) ON CONFLICT (id) DO NOTHING";

    private static final String TABLE = """
            CREATE TABLE t (id text PRIMARY KEY, topic text, body varchar(10), at timestamptz, retained boolean, qos int,
              raw bytea, doc jsonb, kind text)""";

    PostgreSqlIT() {
        super(Kind.POSTGRESQL, INSERT, TABLE, "-c", "max_connections=30");
    }

    @Test
    void eachParameterIsBoundWithItsType() throws SQLException {
        Sink sink = jdbc.sink(
                "INSERT INTO t (id, topic, at, retained, qos, raw, doc, kind) VALUES (:id, :topic, :received_at,"
                        + " :retain, :qos, :payload, :payload_json::jsonb, :content_type)",
                "");

        assertThat(send(sink, message("a", "{\"n\": 9007199254740993}"))).isInstanceOf(SinkResult.Accepted.class);

        assertThat(jdbc.column("SELECT extract(epoch FROM at) || ' ' || retained || ' ' || qos || ' ' || raw::text"
                        + " || ' ' || (doc->>'n') FROM t WHERE kind IS NULL"))
                .containsExactly("1700000000.123000 false 1 \\x7b226e223a20393030373139393235343734303939337d"
                        + " 9007199254740993");
    }

    @Test
    void aRefusedRowLeavesNothingOfItsBatch() throws SQLException {
        Sink sink = jdbc.sink(INSERT, ", \"batch\": {}");

        SinkResult refused = send(sink, message("a", "1"), message("b", "nul\0byte"), message("c", "3"));

        assertThat(refused).isInstanceOf(SinkResult.Refused.class);
        assertThat(error(refused))
                .startsWith("SQLState 22021")
                .doesNotContain("INSERT")
                .doesNotContain("byte\u0000");
        assertThat(jdbc.column("SELECT id FROM t")).isEmpty();
        assertThat(send(sink, message("b", "nul\0byte"))).isInstanceOf(SinkResult.Refused.class);
        assertThat(send(sink, message("a", "1"), message("c", "3"))).isInstanceOf(SinkResult.Accepted.class);
        assertThat(jdbc.column("SELECT id FROM t ORDER BY id")).containsExactly("a", "c");
    }

    @Test
    void theRetryWaitsForTheSessionThatTimedOut() throws SQLException {
        Sink slow = jdbc.sink(
                "INSERT INTO t (id, body) SELECT :id, pg_sleep(CASE WHEN EXISTS (SELECT 1 FROM t WHERE id = 'go') THEN 0"
                        + " ELSE 60 END)::text",
                ", \"timeout\": \"2s\"");

        assertThat(error(send(slow, message("a", "1")))).isEqualTo("timed out after 2s");
        jdbc.sql("INSERT INTO t (id) VALUES ('go')");
        SinkResult retried = send(slow, message("a", "1"));

        assertThat(retried).isInstanceOf(SinkResult.Accepted.class);
        assertThat(jdbc.column("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active'"
                        + " AND pid <> pg_backend_pid()"))
                .isEmpty();
        assertThat(jdbc.column("SELECT id FROM t ORDER BY id")).containsExactly("a", "go");
    }

    @Test
    void aCancelledCallReturnsAndStoresNothing() throws Exception {
        Sink slow = jdbc.sink("INSERT INTO t (id, body) SELECT :id, pg_sleep(60)::text", ", \"timeout\": \"30s\"");
        SinkCall call = slow.call(message("a", "1"), 1);
        CompletableFuture<SinkResult> result = CompletableFuture.supplyAsync(call::execute);
        await().atMost(PATIENCE)
                .until(() -> !jdbc.column("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'"
                                + " AND state = 'active' AND pid <> pg_backend_pid()")
                        .isEmpty());

        call.cancel();

        assertThat(error(result.get(20, TimeUnit.SECONDS))).isEqualTo("cancelled");
        assertThat(jdbc.column("SELECT id FROM t")).isEmpty();
    }

    @Test
    void anAddressThatHangsTakesNotAllConnections() throws Exception {
        Sink hanging = jdbc.sink(
                "INSERT INTO t (id) VALUES (:id || 'x') ON CONFLICT (id) DO NOTHING", ", \"timeout\": \"30s\"");
        Sink healthy = jdbc.sink(INSERT.replace("INTO t ", "INTO u "), ", \"id\": \"other\", \"timeout\": \"30s\"");
        jdbc.sql("DROP TABLE IF EXISTS u", "CREATE TABLE u (id text PRIMARY KEY, topic text, body text)");
        List<CompletableFuture<SinkResult>> calls = new ArrayList<>();
        try (Connection locker = jdbc.connect();
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("LOCK TABLE t IN EXCLUSIVE MODE");
            for (int i = 0; i < 4; i++) {
                SinkCall call = hanging.call(message("h" + i, "1"), 1);
                calls.add(CompletableFuture.supplyAsync(call::execute, task -> new Thread(task).start()));
            }
            await().atMost(PATIENCE)
                    .until(() -> jdbc.column("SELECT 1 FROM pg_locks WHERE NOT granted")
                                    .size()
                            == 1);

            for (int i = 0; i < 20; i++) {
                assertThat(send(healthy, message("m" + i, "1"))).isInstanceOf(SinkResult.Accepted.class);
            }
            locker.rollback();
        }
        for (CompletableFuture<SinkResult> call : calls) {
            assertThat(call.get(60, TimeUnit.SECONDS)).isInstanceOf(SinkResult.Accepted.class);
        }
    }

    @Test
    void failuresOfTheAddressAreNoRefusals() throws SQLException {
        Sink sink = jdbc.sink(INSERT, "");
        jdbc.sql("ALTER ROLE relay SET default_transaction_read_only = on");
        try {
            SinkResult readOnly = send(sink, message("a", "1"));
            assertThat(cause(readOnly)).isEqualTo(Cause.ADDRESS);
            assertThat(error(readOnly)).startsWith("SQLState 25006");
        } finally {
            jdbc.sql("SET default_transaction_read_only = off", "ALTER ROLE relay RESET default_transaction_read_only");
        }
        assertThat(send(sink, message("a", "1"))).isInstanceOf(SinkResult.Accepted.class);
        assertThat(cause(send(jdbc.sink("INSERT INTO missing VALUES (:id)", ""), message("a", "1"))))
                .isEqualTo(Cause.ADDRESS);
    }

    @Test
    void aWrongPasswordIsReportedWithoutIt() {
        try (JdbcUnderTest wrong = new JdbcUnderTest(database.url(), ", \"password\": \"geheim-und-falsch\"")) {
            long began = System.nanoTime();
            SinkResult result = send(wrong.sink(INSERT, ""), message("a", "1"));

            assertThat(cause(result)).isEqualTo(Cause.ADDRESS);
            assertThat(error(result)).startsWith("SQLState 28P01").doesNotContain("geheim");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void moreConnectionsThanTheServerHasAreNoRefusal() throws SQLException {
        List<Connection> all = new ArrayList<>();
        try {
            SQLException full = null;
            while (full == null) {
                try {
                    all.add(jdbc.connect());
                } catch (SQLException e) {
                    full = e;
                }
            }
            assertThat(full.getSQLState()).isEqualTo("53300");
            assertThat(cause(send(jdbc.sink(INSERT, ", \"timeout\": \"3s\""), message("a", "1"))))
                    .isEqualTo(Cause.ADDRESS);
        } finally {
            for (Connection each : all) {
                each.close();
            }
        }
        Sink sink = jdbc.sink(INSERT, "");
        await().atMost(PATIENCE).until(() -> send(sink, message("a", "1")) instanceof SinkResult.Accepted);
    }
}
