package io.mqttrelay.sinktest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import io.mqttrelay.dispatch.command.DeadLettersCommand;
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
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A target from outside dispatch is validated, explained, delivered to and replayed like a callback. */
@ExtendWith(SharedBrokers.class)
class MemorySinkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka;
    private final String prefix = TestTopics.uniqueName("memory");
    private final TopicNames names = new TopicNames(prefix);
    private final KafkaRecords stored;
    private final SinkProviders providers = SinkProviders.installed();

    MemorySinkIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.stored = new KafkaRecords(kafka.bootstrapServers());
    }

    private Path configuration(String route) throws IOException {
        return Files.writeString(
                folder.resolve("relay.json"), """
                    {"mqtt_brokers": [{"client_id": "route", "broker_ip": "127.0.0.1", "sub_deal_config": {
                        "app_id": "app", "subTopic": {"topic": "#", "qos": 1}, %s}}],
                     "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s", "partitions": 1, "replication_factor": 1},
                     "dispatch": {"group_id": "%s"},
                     "admin": {"ingest_port": 0, "dispatch_port": 0}}
                    """.formatted(route, kafka.bootstrapServers(), prefix, prefix));
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(String command, Path file, String... options) {
        List<String> args = new ArrayList<>(List.of(command, "--config", file.toString()));
        args.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Cli.run(
                args.toArray(new String[0]),
                List.of(
                        new ValidateCommand(providers.schemes()),
                        new ExplainCommand(),
                        new DeadLettersCommand(),
                        new ReplayCommand(StopRequest::new)),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        return new Ended(code, out.toString(), err.toString());
    }

    @Test
    void itsAddressesAreValidated() throws IOException {
        Ended valid = run("validate", configuration("\"callbackAddress\": \"memory://valid\""));

        assertThat(valid.code()).as(valid.err()).isZero();
        assertThat(valid.out()).contains("memory://valid").endsWith("valid\n");
    }

    @Test
    void itsProviderRefusesAnAddress() throws IOException {
        Ended ended = run("validate", configuration("\"callbackAddress\": [\"memory://a\", \"memory://A1\"]"));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("callbackAddress[1]: the name of a memory has only the letters a to z");
    }

    @Test
    void settingsThatItDoesNotHaveAreRefused() throws IOException {
        Ended ended = run("validate", configuration("""
            "callbackAddress": [{"url": "memory://a", "headers": {"x": "y"}}, {"url": "memory://us:pw@b"}]\
            """));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains("callbackAddress[0].headers: does not belong to an address that starts with memory://")
                .contains("callbackAddress[1].url: must have no user name: memory:// does not use it")
                .doesNotContain("pw");
    }

    @Test
    void settingsOfTheRouteAreForItsOtherAddresses() throws IOException {
        Ended valid = run("validate", configuration("""
            "callbackAddress": ["memory://a", "http://127.0.0.1/"], "headers": {"x": "y"}\
            """));

        assertThat(valid.code()).as(valid.err()).isZero();
    }

    @Test
    void anUnknownSchemeIsRefusedByTheNamesOfTheKnown() throws IOException {
        Ended ended = run("validate", configuration("\"callbackAddress\": \"tape://reel\""));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("http://").contains("https://").contains("memory://");
    }

    @Test
    void itsRequestIsExplained() throws IOException {
        Ended ended =
                run("explain", configuration("\"callbackAddress\": \"memory://explained\""), "--topic", "plant/1");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("    KEEP memory://explained\n").contains("    relay-topic: plant/1\n");
    }

    @Test
    void itsMessagesAreDeliveredAndItsFailuresReplayed() throws Exception {
        MemoryTarget target = MemoryTarget.of("delivered");
        Path file = configuration("\"callbackAddress\": \"memory://delivered\"");
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        ConfigResult.Valid valid =
                (ConfigResult.Valid) ConfigReader.read(file, name -> null, KafkaCheck.NONE, providers.schemes());
        DispatchService service = DispatchService.start(valid.config(), "test", failures::add);
        try {
            store("taken");
            await().atMost(PATIENCE).until(() -> target.keptIds().equals(List.of("taken")));

            target.full(true);
            store("refused");
            ConsumerRecord<byte[], byte[]> dead =
                    stored.await(names.dead("app"), 1, PATIENCE).get(0);
            assertThat(header(dead, "relay-address")).isEqualTo("memory://delivered");
            assertThat(header(dead, "relay-dead-reason")).isEqualTo("rejected");
            assertThat(header(dead, "relay-dead-status")).isEqualTo("7");
            assertThat(header(dead, "relay-dead-error")).isEqualTo("the memory is full");
            assertThat(run("dead-letters", file, "--app-id", "app").out()).contains("memory://delivered");

            target.full(false);
            Ended replay = run("replay", file, "--app-id", "app", "--address", "memory://delivered");
            assertThat(replay.code()).as(replay.out() + replay.err()).isZero();
            await().atMost(PATIENCE).until(() -> target.keptIds().equals(List.of("taken", "refused")));
        } finally {
            service.close(Duration.ofSeconds(10));
        }
        assertThat(failures).isEmpty();
    }

    private void store(String id) throws Exception {
        byte[] payload = id.getBytes(StandardCharsets.UTF_8);
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
