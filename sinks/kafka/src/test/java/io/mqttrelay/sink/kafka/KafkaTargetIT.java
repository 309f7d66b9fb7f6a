package io.mqttrelay.sink.kafka;

import static io.mqttrelay.sink.kafka.TargetFixture.message;
import static io.mqttrelay.sink.kafka.TargetFixture.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records in a topic of a cluster that works. */
@ExtendWith(SharedBrokers.class)
class KafkaTargetIT {
    private static final String BATCH = ", \"batch\": {}";

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka;
    private final KafkaRecords records;
    private TargetFixture target;

    KafkaTargetIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.records = new KafkaRecords(kafka.bootstrapServers());
    }

    @BeforeEach
    void open() throws Exception {
        target = new TargetFixture(folder, "{\"bootstrap_servers\": \"" + kafka.bootstrapServers() + "\"}");
    }

    @AfterEach
    void close() {
        target.close();
    }

    private String topic(Map<String, String> config) {
        return TestTopics.create(kafka.bootstrapServers(), TestTopics.uniqueName("target"), 3, config);
    }

    private List<String> values(String topic) {
        return records.all(topic).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aRecordHasKeyValueAndHeadersOfTheMessage() throws Exception {
        String topic = topic(Map.of());
        Sink sink = target.sink(topic, ", \"headers\": {\"x-site\": \"north\"}");
        RelayMessage message = new RelayMessage(
                "id-1",
                "app",
                "route",
                42,
                "plant/ä",
                1,
                true,
                "text/plain",
                null,
                "reply/to",
                new byte[] {7},
                List.of(new UserProperty("a", "b")),
                new byte[] {0, 1, 2});

        assertThat(sink.call(message, 1).execute()).isInstanceOf(SinkResult.Accepted.class);

        ConsumerRecord<byte[], byte[]> record = records.all(topic).get(0);
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("plant/ä");
        assertThat(record.value()).containsExactly(0, 1, 2);
        assertThat(header(record, "relay-id")).isEqualTo("id-1");
        assertThat(header(record, "mqtt-topic")).isEqualTo("plant/ä");
        assertThat(header(record, "mqtt-response-topic")).isEqualTo("reply/to");
        assertThat(header(record, "mqtt-user-property")).isEqualTo("a=b");
        assertThat(header(record, "x-site")).isEqualTo("north");
        assertThat(record.headers().lastHeader("content-type")).isNull();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    @Test
    void theFormatMakesTheValue() throws Exception {
        String topic = topic(Map.of());

        var unused = target.sink(topic, ", \"message_format\": \"envelope\"" + BATCH)
                .call(List.of(message("1", "a"), message("2", "a")), 1)
                .execute();

        assertThat(values(topic)).hasSize(2).allMatch(value -> value.startsWith("{\"header\":{\"id\":"));
        assertThat(header(records.all(topic).get(0), "content-type")).isEqualTo("application/json");
    }

    @Test
    void aTemplateMakesKeyAndValue() throws Exception {
        String topic = topic(Map.of());
        Sink sink = target.sink(topic, ", \"template\": {\"key\": \"levels[0]\", \"body\": \"payload.value\"}");

        assertThat(sink.call(message("1", "site/a", "{\"value\": 7}".getBytes(StandardCharsets.UTF_8)), 1)
                        .execute())
                .isInstanceOf(SinkResult.Accepted.class);
        assertThat(sink.call(message("2", "site/a", "{}".getBytes(StandardCharsets.UTF_8)), 1)
                        .execute())
                .isInstanceOf(SinkResult.Unshaped.class);

        ConsumerRecord<byte[], byte[]> record = records.all(topic).get(0);
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("site");
        assertThat(values(topic)).containsExactly("7");
    }

    @Test
    void aMissingTopicIsNotCreated() throws Exception {
        String topic = TestTopics.uniqueName("missing");
        try (EmbeddedKafka creating = EmbeddedKafka.builder()
                        .property("auto.create.topics.enable", "true")
                        .launch();
                Admin admin = Admin.create(Map.of("bootstrap.servers", creating.bootstrapServers()));
                TargetFixture other =
                        new TargetFixture(folder, "{\"bootstrap_servers\": \"" + creating.bootstrapServers() + "\"}")) {
            Sink sink = other.sink(topic, "");

            SinkResult.Unavailable result =
                    unavailable(sink.call(message("1", "a"), 1).execute());

            assertThat(result.cause()).isEqualTo(SinkResult.Cause.ADDRESS);
            assertThat(result.error()).contains("the relay creates no target topic");
            Set<String> topics = admin.listTopics().names().get(20, TimeUnit.SECONDS);
            assertThat(topics).doesNotContain(topic);

            TestTopics.create(creating.bootstrapServers(), topic, 1, Map.of());
            assertThat(sink.call(message("1", "a"), 2).execute()).isInstanceOf(SinkResult.Accepted.class);
        }
    }

    @Test
    void aRecordThatIsTooLargeIsRefused() throws Exception {
        Sink sink = target.sink(topic(Map.of("max.message.bytes", "2000")), "");

        SinkResult result = sink.call(message("1", "a", random(3000)), 1).execute();

        assertThat(result).isInstanceOf(SinkResult.Refused.class);
        assertThat(((SinkResult.Refused) result).error()).startsWith("Kafka target second: ");
    }

    @Test
    void theOthersOfABatchAreNotSentTwice() throws Exception {
        String topic = topic(Map.of("max.message.bytes", "2000"));
        Sink sink = target.sink(topic, BATCH);
        List<RelayMessage> batch =
                List.of(message("1", "a"), message("2", "b", random(3000)), message("3", "c"), message("4", "a"));

        assertThat(sink.call(batch, 1).execute()).isInstanceOf(SinkResult.Refused.class);
        for (RelayMessage each : batch) {
            boolean tooLarge = each.id().equals("2");
            assertThat(sink.call(each, 2).execute())
                    .isInstanceOf(tooLarge ? SinkResult.Refused.class : SinkResult.Accepted.class);
        }

        assertThat(values(topic)).containsExactlyInAnyOrder("1", "3", "4");
    }

    /** So that compression does not make it smaller. */
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aDeniedAddressIsNotDialled() throws Exception {
        try (TargetFixture denied = new TargetFixture(
                folder,
                "{\"bootstrap_servers\": \"" + kafka.bootstrapServers() + "\"}",
                "{\"deny\": [\"127.0.0.0/8\"]}")) {
            SinkResult.Unavailable result = unavailable(
                    denied.sink("any", "").call(message("1", "a"), 1).execute());

            assertThat(result.cause()).isEqualTo(SinkResult.Cause.ADDRESS);
            assertThat(result.error()).contains("egress policy");
        }
    }

    @Test
    void closingLeavesNoThread() throws Exception {
        Sink sink = target.sink(topic(Map.of()), "");
        assertThat(sink.call(message("1", "a"), 1).execute()).isInstanceOf(SinkResult.Accepted.class);
        assertThat(threads()).isNotEmpty();

        target.close();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("relay-target-") || name.startsWith("sink-kafka"))
                .toList();
    }
}
