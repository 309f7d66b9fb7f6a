package io.mqttrelay.sink.jdbc;

import static io.mqttrelay.sink.jdbc.JdbcUnderTest.message;
import static io.mqttrelay.sink.jdbc.JdbcUnderTest.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.UnshapedMessageException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sink with a database in this process. */
class JdbcSinkTest {
    private static final String URL = "jdbc:h2:mem:sink;DB_CLOSE_DELAY=0";
    private static final String INSERT = "INSERT INTO t (id, body) VALUES (:id, :payload_text)";

    private final JdbcUnderTest jdbc = new JdbcUnderTest(URL, "");
    private Connection open;

    @BeforeEach
    void createsTheTable() throws SQLException {
        open = jdbc.connect(); // the database lives as long as this connection
        jdbc.sql(
                "CREATE TABLE t (id VARCHAR(20) PRIMARY KEY, body VARCHAR(10), kind VARCHAR(20), at TIMESTAMP WITH TIME ZONE)");
    }

    @AfterEach
    void closesTheDatabase() throws SQLException {
        jdbc.close();
        open.close();
    }

    @Test
    void aBatchIsStoredOrNothingOfIt() throws SQLException {
        Sink sink = jdbc.sink(INSERT, ", \"batch\": {}");

        assertThat(send(sink, message("a", "1"), message("b", "far too long a text"), message("c", "3")))
                .isInstanceOf(SinkResult.Refused.class);
        assertThat(jdbc.column("SELECT id FROM t")).isEmpty();

        assertThat(send(sink, message("a", "1"), message("c", "3"))).isInstanceOf(SinkResult.Accepted.class);
        assertThat(send(sink, message("b", "far too long a text"))).isInstanceOf(SinkResult.Refused.class);
        assertThat(jdbc.column("SELECT id FROM t ORDER BY id")).containsExactly("a", "c");
    }

    @Test
    void payloadsThatAreNoTextAreUnprocessable() {
        Sink sink = jdbc.sink(INSERT, "");

        SinkResult result = send(sink, message("a", new byte[] {(byte) 0xff}));

        assertThat(result).isEqualTo(new SinkResult.Unshaped(":payload_text: the payload is not UTF-8", false));
    }

    @Test
    void payloadsThatAreNoJsonAreUnprocessable() {
        Sink sink = jdbc.sink("INSERT INTO t (id, body) VALUES (:id, :payload_json)", "");

        assertThat(send(sink, message("a", "{")))
                .isEqualTo(new SinkResult.Unshaped(":payload_json: the payload is not JSON", false));
        assertThat(send(sink, message("b", "{}"))).isInstanceOf(SinkResult.Accepted.class);
    }

    @Test
    void valuesOfTheTemplateAreBound() throws SQLException {
        Sink sink = jdbc.sink(
                "INSERT INTO t (id, body, kind) VALUES (:id, :template.temp, :content_type)",
                ", \"template\": {\"params\": {\"temp\": \"payload.t\"}}");

        assertThat(send(sink, message("a", "{\"t\": 21.50}"))).isInstanceOf(SinkResult.Accepted.class);

        assertThat(jdbc.column("SELECT body FROM t WHERE kind IS NULL")).containsExactly("21.50");
    }

    @Test
    void aMissingTableSpeaksOfTheAddress() {
        SinkResult result = send(jdbc.sink("INSERT INTO missing VALUES (:id)", ""), message("a", "1"));

        assertThat(result)
                .isInstanceOfSatisfying(
                        SinkResult.Unavailable.class,
                        failed -> assertThat(failed.cause()).isEqualTo(SinkResult.Cause.ADDRESS));
    }

    @Test
    void aCancelledCallEndsAtOnce() {
        var call = jdbc.sink(INSERT, "").call(message("a", "1"), 1);
        call.cancel();

        assertThat(call.execute())
                .isInstanceOfSatisfying(
                        SinkResult.Unavailable.class,
                        failed -> assertThat(failed.error()).isEqualTo("cancelled"));
    }

    @Test
    void statementsAndUrlsAreChecked() {
        assertThat(problems(URL, "INSERT INTO t VALUES (:paylod)")).contains("the nearest is :payload");
        assertThat(problems(URL, "INSERT INTO t VALUES (:template.x)")).contains("needs template.params.x");
        assertThat(((ConfigResult.Invalid) JdbcUnderTest.read(URL, "", "")).problems())
                .singleElement()
                .asString()
                .contains("needs a statement, such as INSERT");
        assertThat(problems("jdbc:oracle:thin:x", "SELECT :id")).contains("jdbc:postgresql://");
        assertThat(problems("jdbc:postgresql://h/db?user=u&password=geheim", "SELECT :id"))
                .contains("username and password beside the url")
                .doesNotContain("geheim");
    }

    private static String problems(String url, String statement) {
        ConfigResult read = JdbcUnderTest.read(url, "", ", \"statement\": \"" + statement + "\"");
        return read instanceof ConfigResult.Invalid invalid ? String.join("\n", invalid.problems()) : "valid";
    }

    @Test
    void theStatementIsExplainedWithItsValues() {
        ConfigResult read = JdbcUnderTest.read(
                "jdbc:postgresql://h/db",
                ", \"username\": \"u\", \"password\": \"geheim\"",
                ", \"statement\": \"INSERT INTO t VALUES (:id, :payload, :content_type)\"");

        RequestPreview preview = new JdbcSinkProvider()
                .preview(
                        JdbcUnderTest.destination(read),
                        message("it's", "1"),
                        new PreviewContext(Clock.systemUTC(), "test"));

        assertThat(preview.action()).isEqualTo("RUN");
        assertThat(preview.destination()).isEqualTo("jdbc://db in jdbc:postgresql://h:5432/db");
        assertThat(preview.headers()).containsExactly(":id: 'it''s'", ":payload: X'31'", ":content_type: null");
        assertThat(new String(preview.body(), StandardCharsets.UTF_8)).startsWith("INSERT INTO t VALUES (:id");
    }

    @Test
    void aMessageWithoutAParameterIsExplained() {
        ConfigResult read = JdbcUnderTest.read(URL, "", ", \"statement\": \"INSERT INTO t VALUES (:payload_json)\"");
        PreviewContext context = new PreviewContext(Clock.systemUTC(), "test");

        assertThatThrownBy(() -> new JdbcSinkProvider()
                        .preview(JdbcUnderTest.destination(read), message("a", "no JSON"), context))
                .isInstanceOf(UnshapedMessageException.class)
                .hasMessage(":payload_json: the payload is not JSON");
    }
}
