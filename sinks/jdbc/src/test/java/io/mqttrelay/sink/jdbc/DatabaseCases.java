package io.mqttrelay.sink.jdbc;

import static io.mqttrelay.sink.jdbc.JdbcUnderTest.message;
import static io.mqttrelay.sink.jdbc.JdbcUnderTest.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.testkit.database.DatabaseProcess;
import io.mqttrelay.testkit.database.DatabaseProcess.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One real server for all tests of a class, and the cases in which every database behaves alike. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DatabaseCases {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Kind kind;
    private final String[] options;
    private final String insert;
    private final String table;

    DatabaseProcess database;
    JdbcUnderTest jdbc;

    /**
     * @param insert stores a message, and does nothing for one that is there
     * @param table creates the table {@code t}
     * @param options of the server's program
     */
    DatabaseCases(Kind kind, String insert, String table, String... options) {
        this.kind = kind;
        this.insert = insert;
        this.table = table;
        this.options = options;
    }

    @BeforeAll
    void launches() {
        database = DatabaseProcess.launch(kind, options);
    }

    @AfterAll
    void ends() {
        database.close();
    }

    @BeforeEach
    void createsTheTable() throws SQLException {
        jdbc = new JdbcUnderTest(database.url(), ", \"pool_size\": 2");
        jdbc.sql("DROP TABLE IF EXISTS t", table);
    }

    @AfterEach
    void closes() {
        jdbc.close();
    }

    static Cause cause(SinkResult result) {
        assertThat(result).isInstanceOf(SinkResult.Unavailable.class);
        return ((SinkResult.Unavailable) result).cause();
    }

    static String error(SinkResult result) {
        return result instanceof SinkResult.Unavailable failed ? failed.error() : ((SinkResult.Refused) result).error();
    }

    @Test
    void aRepeatedMessageIsStoredOnce() throws SQLException {
        Sink sink = jdbc.sink(insert, ", \"batch\": {}");

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(send(sink, message("a", "1"), message("b", "2"))).isInstanceOf(SinkResult.Accepted.class);
        }
        assertThat(jdbc.column("SELECT id FROM t")).hasSize(2);
    }

    @Test
    void itIsBackAfterAKill() throws SQLException {
        Sink sink = jdbc.sink(insert, ", \"timeout\": \"5s\"");
        assertThat(send(sink, message("a", "1"))).isInstanceOf(SinkResult.Accepted.class);

        database.kill();
        for (int i = 0; i < 3; i++) {
            assertThat(cause(send(sink, message("b", "2")))).isEqualTo(Cause.ADDRESS);
        }
        database.start();

        await().atMost(PATIENCE).until(() -> send(sink, message("b", "2")) instanceof SinkResult.Accepted);
        assertThat(jdbc.column("SELECT id FROM t ORDER BY id")).containsExactly("a", "b");
    }

    @Test
    void aServerThatHangsIsLeftAtTheTimeout() throws SQLException {
        Sink sink = jdbc.sink(insert, ", \"timeout\": \"2s\"");
        assertThat(send(sink, message("a", "1"))).isInstanceOf(SinkResult.Accepted.class);

        database.suspend();
        long began = System.nanoTime();
        SinkResult result = send(sink, message("b", "2"));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        database.resume();

        assertThat(cause(result)).isEqualTo(Cause.ADDRESS);
        assertThat(error(result)).isEqualTo("timed out after 2s");
        assertThat(took).isBetween(Duration.ofMillis(1900), Duration.ofMillis(4500));
        await().atMost(PATIENCE).until(() -> send(sink, message("b", "2")) instanceof SinkResult.Accepted);
        assertThat(jdbc.column("SELECT id FROM t ORDER BY id")).containsExactly("a", "b");
    }

    @Test
    void theEgressPolicyHoldsForEachConnection() {
        Egress nothing = new Egress(Egress.Mode.LISTED_ONLY, List.of(), List.of());
        String byName = database.url().replace("127.0.0.1", "localhost");
        try (JdbcUnderTest denied = new JdbcUnderTest(byName, "", nothing)) {
            SinkResult result = send(denied.sink(insert, ""), message("a", "1"));

            assertThat(cause(result)).isEqualTo(Cause.ADDRESS);
            assertThat(error(result)).contains("is denied by the egress policy: egress.mode is listed_only");
        }
    }
}
