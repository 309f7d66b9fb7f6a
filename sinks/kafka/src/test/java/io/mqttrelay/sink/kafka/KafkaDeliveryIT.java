package io.mqttrelay.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.cli.Cli;
import io.mqttrelay.common.cli.ValidateCommand;
import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.DispatchService;
import io.mqttrelay.dispatch.command.ExplainCommand;
import io.mqttrelay.dispatch.command.ReplayCommand;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A whole dispatcher delivers to a topic of a second cluster, over its outage, and replays what it refused. */
@ExtendWith(SharedBrokers.class)
class KafkaDeliveryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka;
    private final String prefix = TestTopics.uniqueName("kafkasink");
    private final TopicNames names = new TopicNames(prefix);
    private final SinkProviders providers = SinkProviders.installed();

    KafkaDeliveryIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    private Path configuration(String second, String address) throws IOException {
        return Files.writeString(
                folder.resolve("relay.json"), """
                    {"mqtt_brokers": [{"client_id": "route", "broker_ip": "127.0.0.1", "sub_deal_config": {
                        "app_id": "app", "subTopic": {"topic": "#", "qos": 1}, "callbackAddress": "%s",
                        "retry_backoff": {"initial": "100ms", "max": "1s"}, "timeout": "2s",
                        "circuit_breaker": {"open_for": "1s"}}}],
                     "targets": {"kafka": {"second": {"bootstrap_servers": "%s"}}},
                     "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s", "partitions": 1, "replication_factor": 1},
                     "dispatch": {"group_id": "%s"},
                     "admin": {"ingest_port": 0, "dispatch_port": 0}}
                    """.formatted(address, second, kafka.bootstrapServers(), prefix, prefix));
    }

    private String run(int expected, String command, Path file, String... options) {
        List<String> args = new ArrayList<>(List.of(command, "--config", file.toString()));
        args.addAll(List.of(options));
        StringWriter out = new StringWriter();
        int code = Cli.run(
                args.toArray(new String[0]),
                List.of(
                        new ValidateCommand(providers.schemes()),
                        new ExplainCommand(),
                        new ReplayCommand(StopRequest::new)),
                new PrintWriter(out, true),
                new PrintWriter(out, true));
        assertThat(code).as(out.toString()).isEqualTo(expected);
        return out.toString();
    }

    @Test
    void itsAddressesAreValidatedAndExplained() throws IOException {
        Path file = configuration("kafka.invalid:9092", "kafka://second/target");

        assertThat(run(0, "validate", file)).contains("kafka://second/target").endsWith("valid\n");
        assertThat(run(0, "explain", file, "--topic", "plant/1"))
                .contains("PRODUCE kafka://second/target")
                .contains("key: plant/1")
                .contains("mqtt-topic: plant/1");
    }

    @Test
    void anAddressWithoutATopicIsRefused() throws IOException {
        assertThat(run(2, "validate", configuration("kafka.invalid:9092", "kafka://second/")))
                .contains("must end in a Kafka topic");
    }

    @Test
    void anAddressOfTheRelaysOwnTopicsIsRefused() throws IOException {
        Path file = configuration(kafka.bootstrapServers(), "kafka://second/" + names.messages("app"));

        assertThat(run(2, "validate", file)).contains("is a topic of the relay itself");
    }

    @Test
    void messagesArriveOverAnOutageAndAreReplayed() throws Exception {
        try (EmbeddedKafka second = EmbeddedKafka.launch()) {
            TestTopics.create(second.bootstrapServers(), "target", 1, Map.of("max.message.bytes", "10000"));
            KafkaRecords delivered = new KafkaRecords(second.bootstrapServers());
            Path file = configuration(second.bootstrapServers(), "kafka://second/target");
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            ConfigResult.Valid valid =
                    (ConfigResult.Valid) ConfigReader.read(file, name -> null, KafkaCheck.NONE, providers.schemes());
            DispatchService service = DispatchService.start(valid.config(), "test", failures::add);
            try {
                store("1", new byte[] {1});
                delivered.await("target", 1, PATIENCE);

                second.stop();
                store("2", new byte[] {2});
                store("3", new byte[] {3});
                second.start();
                assertThat(ids(delivered.await("target", 3, PATIENCE))).containsExactly("1", "2", "3");

                byte[] large = new byte[20_000];
                new Random(1).nextBytes(large); // so that compression does not make it smaller
                store("4", large);
                store("5", new byte[] {5});
                ConsumerRecord<byte[], byte[]> dead = new KafkaRecords(kafka.bootstrapServers())
                        .await(names.dead("app"), 1, PATIENCE)
                        .get(0);
                assertThat(header(dead, "relay-dead-reason")).isEqualTo("rejected");
                assertThat(ids(delivered.await("target", 4, PATIENCE))).containsExactly("1", "2", "3", "5");

                allowLarge(second);
                run(0, "replay", file, "--app-id", "app");
                assertThat(ids(delivered.await("target", 5, PATIENCE))).containsExactly("1", "2", "3", "5", "4");
            } finally {
                service.close(Duration.ofSeconds(10));
            }
            assertThat(failures).isEmpty();
        }
    }

    private static void allowLarge(EmbeddedKafka second) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", second.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, "target"),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", "1000000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static List<String> ids(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> header(record, "relay-id")).toList();
    }

    private void store(String id, byte[] payload) throws Exception {
        RelayMessage message = new RelayMessage(
                id, "app", "route", 1, "plant/1", 1, false, null, null, null, null, List.of(), payload);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new RecordCodec().encode(message, Ordering.TOPIC, names.messages("app")))
                    .get();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
