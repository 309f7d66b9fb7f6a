package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.testkit.database.DatabaseProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sinks of one target in this process, and a second connection to the same database for the test. */
final class JdbcUnderTest implements AutoCloseable {
    final List<Throwable> defects = new CopyOnWriteArrayList<>();

    private final String url;
    private final String more;
    private final SinkFactory sinks;

    /** @param more of the target: keys of JSON with a comma before each, such as {@code , "pool_size": 2} */
    JdbcUnderTest(String url, String more) {
        this(url, more, Egress.DEFAULT);
    }

    JdbcUnderTest(String url, String more, Egress egress) {
        this.url = url;
        this.more = more;
        this.sinks = new JdbcSinkProvider()
                .open(new SinkContext(
                        Clock.systemUTC(), "test", egress, () -> null, new GuardedExecutors(defects::add)));
    }

    /** Reads a configuration with one address; {@code settings} are keys of JSON with a comma before each. */
    static ConfigResult read(String url, String more, String settings) {
        try {
            Path file = Files.createTempFile("relay-jdbc", ".json");
            Files.writeString(file, """
                {"mqtt_brokers": [{"client_id": "route", "broker_ip": "127.0.0.1", "sub_deal_config": {
                   "app_id": "app", "subTopic": {"topic": "#", "qos": 1},
                   "callbackAddress": [{"url": "jdbc://db" %s}]}}],
                 "targets": {"jdbc": {"db": {"url": "%s" %s}}}}
                """.formatted(settings, url, more));
            ConfigResult read = ConfigReader.read(
                    file,
                    name -> null,
                    KafkaCheck.NONE,
                    SinkProviders.installed().schemes());
            Files.delete(file);
            return read;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Destination destination(ConfigResult read) {
        if (read instanceof ConfigResult.Invalid invalid) {
            throw new IllegalStateException(invalid.problems().toString());
        }
        return ((ConfigResult.Valid) read)
                .config()
                .routes()
                .get(0)
                .destinations()
                .get(0);
    }

    /** The sink of an address with this statement. */
    Sink sink(String statement, String settings) {
        String user = url.startsWith("jdbc:h2")
                ? ""
                : ", \"username\": \"" + DatabaseProcess.USER + "\""
                        + (more.contains("\"password\"") ? "" : ", \"password\": \"" + DatabaseProcess.PASSWORD + "\"");
        String text = ", \"statement\": \"" + statement.replace("\\", "\\\\").replace("\"", "\\\"") + "\"" + settings;
        return sinks.sink(destination(read(url, user + more, text)));
    }

    static RelayMessage message(String id, String payload) {
        return message(id, payload.getBytes(StandardCharsets.UTF_8));
    }

    static RelayMessage message(String id, byte[] payload) {
        return new RelayMessage(
                id,
                "app",
                "route",
                1_700_000_000_123L,
                "plant/1",
                1,
                false,
                null,
                null,
                null,
                null,
                List.of(),
                payload);
    }

    static SinkResult send(Sink sink, RelayMessage... messages) {
        return sink.call(Arrays.asList(messages), 1).execute();
    }

    /** Runs SQL beside the relay. */
    void sql(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    Connection connect() throws SQLException {
        return url.startsWith("jdbc:h2")
                ? DriverManager.getConnection(url)
                : DriverManager.getConnection(url, DatabaseProcess.USER, DatabaseProcess.PASSWORD);
    }

    /** The first column of a query. */
    List<String> column(String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Override
    public void close() {
        sinks.close();
        if (!defects.isEmpty()) {
            throw new AssertionError("defects in threads", defects.get(0));
        }
    }
}
