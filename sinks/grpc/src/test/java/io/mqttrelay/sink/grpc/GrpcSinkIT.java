package io.mqttrelay.sink.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.InsecureServerCredentials;
import io.grpc.Status;
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
import io.mqttrelay.proto.v1.Message;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Messages of Kafka reach gRPC services: in order, each once, over a restart, and not beside a refused one. */
@ExtendWith(SharedBrokers.class)
class GrpcSinkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka;
    private final String prefix = TestTopics.uniqueName("grpc");
    private final TopicNames names = new TopicNames(prefix);
    private final KafkaRecords stored;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    GrpcSinkIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.stored = new KafkaRecords(kafka.bootstrapServers());
    }

    private DispatchService dispatch(String route) throws IOException {
        Path file = Files.writeString(
                folder.resolve("relay.json"), """
            {"mqtt_brokers": [{"client_id": "client-1", "broker_ip": "127.0.0.1", "sub_deal_config": {
                "app_id": "app-1", "subTopic": {"topic": "#", "qos": 1}, %s}}],
             "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s", "partitions": 1, "replication_factor": 1},
             "dispatch": {"group_id": "%s"},
             "admin": {"ingest_port": 0, "dispatch_port": 0}}
            """.formatted(route, kafka.bootstrapServers(), prefix, prefix));
        ConfigResult.Valid valid = (ConfigResult.Valid) ConfigReader.read(
                file, name -> null, KafkaCheck.NONE, SinkProviders.installed().schemes());
        return DispatchService.start(valid.config(), "test", failures::add);
    }

    private void store(List<String> ids) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String id : ids) {
                RelayMessage message = GrpcAddress.message(id);
                producer.send(new RecordCodec().encode(message, Ordering.TOPIC, names.messages("app-1")))
                        .get(1, TimeUnit.MINUTES);
            }
        }
    }

    private static List<String> ids(String name, int count) {
        return Stream.iterate(1, i -> i + 1).limit(count).map(i -> name + i).toList();
    }

    @Test
    void anOutageLosesAndRepeatsNothing() throws Exception {
        TestReceiver first = new TestReceiver();
        int port = first.port();
        DispatchService service = dispatch("\"callbackAddress\": \"" + first.url() + "\","
                + " \"retry\": 0, \"retry_backoff\": {\"initial\": \"50ms\", \"max\": \"200ms\"},"
                + " \"circuit_breaker\": {\"open_for\": \"500ms\"}");
        try {
            store(ids("before-", 20));
            await().atMost(PATIENCE).until(() -> first.ids().size() == 20);
            first.close();
            store(ids("after-", 20));

            try (TestReceiver second = new TestReceiver(port, InsecureServerCredentials.create(), builder -> builder)) {
                await().atMost(PATIENCE).until(() -> second.ids().size() == 20);
                assertThat(first.ids()).isEqualTo(ids("before-", 20));
                assertThat(second.ids()).isEqualTo(ids("after-", 20));
            }
        } finally {
            service.close(Duration.ofSeconds(10));
            first.close();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void aRefusedMessageOfABatchIsCondemnedAlone() throws Exception {
        try (TestReceiver receiver = new TestReceiver()) {
            receiver.answer(messages ->
                    messages.stream().anyMatch(message -> message.getId().equals("m5"))
                            ? Status.INVALID_ARGUMENT.withDescription("no 5")
                            : Status.OK);
            DispatchService service =
                    dispatch("\"callbackAddress\": \"" + receiver.url() + "\", \"batch\": {\"linger\": \"1s\"}");
            try {
                store(ids("m", 10));
                await().atMost(PATIENCE).until(() -> !acceptedBy(receiver).isEmpty());
                ConsumerRecord<byte[], byte[]> dead =
                        stored.await(names.dead("app-1"), 1, PATIENCE).get(0);
                assertThat(header(dead, "relay-dead-reason")).isEqualTo("rejected");
                assertThat(header(dead, "relay-dead-status")).isEqualTo("3");
                assertThat(header(dead, "relay-dead-error")).isEqualTo("answered INVALID_ARGUMENT: no 5");
                List<String> accepted = new ArrayList<>(ids("m", 10));
                accepted.remove("m5");
                await().atMost(PATIENCE).until(() -> acceptedBy(receiver).equals(accepted));
            } finally {
                service.close(Duration.ofSeconds(10));
            }
        }
        assertThat(failures).isEmpty();
    }

    private static List<String> acceptedBy(TestReceiver receiver) {
        return receiver.calls().stream()
                .map(TestReceiver.Received::messages)
                .filter(messages ->
                        messages.stream().noneMatch(message -> message.getId().equals("m5")))
                .flatMap(List::stream)
                .map(Message::getId)
                .toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
