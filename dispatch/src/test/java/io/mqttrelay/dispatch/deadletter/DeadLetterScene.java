package io.mqttrelay.dispatch.deadletter;

import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.KafkaTopics;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.common.topic.TopicsResult;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real Kafka with dead letters in it as dispatch writes them. */
@ExtendWith(SharedBrokers.class)
public abstract class DeadLetterScene {
    protected static final Duration PATIENCE = Duration.ofSeconds(30);
    protected static final String ONE = Address.idOf("http://127.0.0.1:9/one?token=t0ken");
    protected static final String TWO = "http://127.0.0.1:9/two";

    @TempDir
    protected Path dir;

    protected final EmbeddedKafka kafka;
    protected final String prefix = TestTopics.uniqueName("r");
    protected final TopicNames names = new TopicNames(prefix);
    protected final KafkaRecords stored;
    protected final RecordCodec codec = new RecordCodec();
    protected final KafkaProducer<byte[], byte[]> producer;
    protected Path config = Path.of("unset");

    protected DeadLetterScene(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.stored = new KafkaRecords(kafka.bootstrapServers());
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.request.size", 4 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @BeforeEach
    void topicsAndConfiguration() throws IOException, InterruptedException {
        config =
                configuration("\"callbackAddress\": [\"http://us:p4ss@127.0.0.1:9/one?token=t0ken\", \"" + TWO + "\"]");
        ensureTopics(names, 3);
    }

    /** Makes the topics like the relay. */
    protected void ensureTopics(TopicNames topics, int partitions) throws InterruptedException {
        TopicPlan plan = new TopicPlan(partitions, (short) 1, Duration.ofDays(7), Duration.ofDays(30));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            await().atMost(PATIENCE)
                    .until(() -> new KafkaTopics(admin, plan, topics).ensure(List.of("app", "other"))
                            instanceof TopicsResult.Ready);
        }
    }

    protected Path configuration(String routeSettings) throws IOException {
        String text = """
                {"mqtt_brokers": [
                  {"client_id": "route", "broker_ip": "127.0.0.1", "sub_deal_config": {
                    "app_id": "app", %s, "subTopic": {"topic": "#", "qos": 1}}},
                  {"client_id": "otherroute", "broker_ip": "127.0.0.1", "sub_deal_config": {
                    "app_id": "other", "callbackAddress": "http://127.0.0.1:9/o", "subTopic": {"topic": "#", "qos": 1}}}],
                 "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s", "partitions": 3}}
                """;
        return Files.writeString(
                dir.resolve("relay.json"), text.formatted(routeSettings, kafka.bootstrapServers(), prefix));
    }

    @AfterEach
    void closeProducer() {
        producer.close();
    }

    protected static RelayMessage message(String app, String route, String id, String topic, byte[] payload) {
        return new RelayMessage(id, app, route, 5, topic, 1, false, null, 1L, null, null, List.of(), payload);
    }

    protected static RelayMessage message(String id, String topic) {
        return message("app", "route", id, topic, id.getBytes(StandardCharsets.UTF_8));
    }

    protected static ConsumerRecord<byte[], byte[]> consumed(String topic, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                topic, 0, 7, 0, TimestampType.CREATE_TIME, 0, 0, new byte[0], value, headers, Optional.empty());
    }

    /** Writes a dead letter like dispatch. */
    protected void die(RelayMessage message, DeadReason reason, String address, long deadAt) {
        die(message, new DeadLetter(reason, address, 6, 503, "HTTP 503: no", deadAt));
    }

    protected void die(RelayMessage message, DeadLetter letter) {
        ProducerRecord<byte[], byte[]> record = codec.encode(message, Ordering.TOPIC, names.messages(message.appId()));
        write(codec.encodeDead(
                consumed(record.topic(), record.value(), record.headers()), letter, names.dead(message.appId())));
    }

    protected void die(String id, String topic, DeadReason reason, String address) {
        die(message(id, topic), reason, address, System.currentTimeMillis());
    }

    protected void store(RelayMessage message) {
        write(codec.encode(message, Ordering.TOPIC, names.messages(message.appId())));
    }

    /** Any record at all; the producer may still buffer it. */
    protected void write(ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record);
    }

    /** The open failures, by key. */
    protected List<String> open() {
        Map<String, String> table = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : stored.all(names.dead("app"))) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                table.remove(key);
            } else {
                table.put(key, key);
            }
        }
        return table.keySet().stream().sorted().toList();
    }

    /** Waits for this many open failures. */
    protected void awaitOpen(int count) {
        await().atMost(PATIENCE).until(() -> open().size() == count);
    }

    protected static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
