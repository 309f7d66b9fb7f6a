package io.mqttrelay.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.DispatchService;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.database.DatabaseProcess;
import io.mqttrelay.testkit.database.DatabaseProcess.Kind;
import io.mqttrelay.testkit.database.RequiresDatabase;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole of dispatch delivers from a real Kafka into a real PostgreSQL that is killed meanwhile. */
@ExtendWith(SharedBrokers.class)
@RequiresDatabase(Kind.POSTGRESQL)
class JdbcDispatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int MESSAGES = 400;

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka;
    private final String prefix = TestTopics.uniqueName("jdbc");
    private final TopicNames names = new TopicNames(prefix);
    private final KafkaRecords stored;

    JdbcDispatchIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.stored = new KafkaRecords(kafka.bootstrapServers());
    }

    private ConfigResult.Valid configuration(DatabaseProcess database) throws Exception {
        Path file = Files.writeString(
                folder.resolve("relay.json"), """
                    {"mqtt_brokers": [{"client_id": "route", "broker_ip": "127.0.0.1", "sub_deal_config": {
                        "app_id": "app", "subTopic": {"topic": "#", "qos": 1},
                        "callbackAddress": [{"url": "jdbc://db", "timeout": "3s",
                          "batch": {"max_messages": 20}, "retry_backoff": {"initial": "100ms", "max": "1s"},
                          "circuit_breaker": {"open_for": "1s"},
                          "statement": "INSERT INTO t (id, body) VALUES (:id, :payload_text) ON CONFLICT (id) DO NOTHING"}]}}],
                     "targets": {"jdbc": {"db": {"url": "%s", "username": "relay", "password": "relay-secret"}}},
                     "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s", "partitions": 2, "replication_factor": 1},
                     "dispatch": {"group_id": "%s"},
                     "admin": {"ingest_port": 0, "dispatch_port": 0}}
                    """.formatted(database.url(), kafka.bootstrapServers(), prefix, prefix));
        ConfigResult read = ConfigReader.read(
                file, name -> null, KafkaCheck.NONE, SinkProviders.installed().schemes());
        assertThat(read).isInstanceOf(ConfigResult.Valid.class);
        return (ConfigResult.Valid) read;
    }

    @Test
    void eachMessageIsStoredOnceThoughTheDatabaseIsKilled() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try (DatabaseProcess database = DatabaseProcess.launch(Kind.POSTGRESQL);
                JdbcUnderTest beside = new JdbcUnderTest(database.url(), "")) {
            beside.sql("CREATE TABLE t (id text PRIMARY KEY, body varchar(20))");
            DispatchService service =
                    DispatchService.start(configuration(database).config(), "test", failures::add);
            List<String> ids = new ArrayList<>();
            try {
                ids.addAll(store(0, MESSAGES / 2));
                await().atMost(PATIENCE).until(() -> count(beside) > 20);
                database.kill();
                ids.addAll(store(MESSAGES / 2, MESSAGES));
                database.start();
                await().atMost(PATIENCE).until(() -> count(beside) >= MESSAGES - 1);
                assertThat(stored.await(names.dead("app"), 1, PATIENCE)).hasSize(1);
            } finally {
                service.close(Duration.ofSeconds(10));
            }
            ids.remove("m" + MESSAGES / 4); // its text is too long for the column
            assertThat(beside.column("SELECT id FROM t")).containsExactlyInAnyOrderElementsOf(ids);
        }
        assertThat(failures).isEmpty();
    }

    private static int count(JdbcUnderTest beside) throws SQLException {
        return Integer.parseInt(beside.column("SELECT count(*) FROM t").get(0));
    }

    private List<String> store(int from, int to) throws Exception {
        List<String> ids = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = from; i < to; i++) {
                String id = "m" + i;
                String payload = i == MESSAGES / 4 ? "x".repeat(21) : "payload " + i;
                RelayMessage message = new RelayMessage(
                        id,
                        "app",
                        "route",
                        i + 1,
                        "plant/" + i % 7,
                        1,
                        false,
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        payload.getBytes(StandardCharsets.UTF_8));
                producer.send(new RecordCodec().encode(message, Ordering.TOPIC, names.messages("app")))
                        .get(1, TimeUnit.MINUTES);
                ids.add(id);
            }
        }
        return ids;
    }
}
