package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.faults.mutant.Mutant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million dead letters whose ids and offsets disagree are listed and sent again with 128 MB of heap. */
@Tag("by-hand")
final class ManyDeadLettersFaultIT {
    private static final int ENTRIES = 1_000_000;
    private static final int LANES = 1000;
    private static final int PAYLOAD = 200;
    private static final int PARTITIONS = 12;
    private static final String HEAP = "-Xmx128m";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String ADDRESS = "http://127.0.0.1:1/x";

    @TempDir
    private Path folder;

    private EmbeddedKafka kafka;
    private Path config;

    @BeforeEach
    void fill() throws Exception {
        kafka = EmbeddedKafka.launch();
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(
                            new NewTopic("relay.app", PARTITIONS, (short) 1),
                            new NewTopic("relay.app.replay", PARTITIONS, (short) 1),
                            new NewTopic("relay.app.dead", PARTITIONS, (short) 1)
                                    .configs(Map.of("cleanup.policy", "compact", "max.message.bytes", "2000000"))))
                    .all()
                    .get();
        }
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, ENTRIES).boxed().toList());
        Collections.shuffle(order, new Random(23));
        Map<String, Object> settings = client();
        settings.put("linger.ms", 20);
        settings.put("compression.type", "lz4");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int number : order) {
                var unused = producer.send(entry(number)); // the commands count the entries
            }
        }
        config = Files.writeString(folder.resolve("relay.json"), """
                {"mqtt_brokers": [{"client_id": "route", "broker_ip": "127.0.0.1", "sub_deal_config": {
                  "app_id": "app", "callbackAddress": "%s", "subTopic": {"topic": "t/#", "qos": 1}}}],
                 "kafka": {"bootstrap_servers": "%s"}}
                """.formatted(ADDRESS, kafka.bootstrapServers()));
    }

    @AfterEach
    void close() {
        kafka.close();
    }

    @Test
    void b23AMillionEntriesInMixedOrder() throws IOException {
        Result result = new Result("B23", Mutant.NONE);
        long begin = System.nanoTime();
        RelayCommand.Ended listed = command("dead-letters", "--limit", "10");
        assertThat(listed.code()).as(listed::printed).isZero();
        assertThat(listed.printed()).contains("10 dead letters; app: retries_exhausted 10");
        result.figure("list of 10, s", seconds(begin));

        begin = System.nanoTime();
        RelayCommand.Ended sent = command("replay", "--app-id", "app");
        assertThat(sent.code()).as(sent::printed).isZero();
        assertThat(sent.printed()).contains("sent " + ENTRIES + " deliveries", "no relay dispatch is running");
        result.figure("replay of all, s", seconds(begin));
        assertEachWasSentOnceAndInOrder();

        RelayCommand.Ended empty = command("dead-letters");
        assertThat(empty.printed()).contains("no dead letters");
        result.write(true);
    }

    private RelayCommand.Ended command(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(1, List.of("--config", config.toString()));
        return RelayCommand.run(folder, HEAP, PATIENCE, line.toArray(String[]::new));
    }

    private static double seconds(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
    }

    private void assertEachWasSentOnceAndInOrder() {
        Map<String, Object> settings = client();
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        Map<String, String> lastOfLane = new HashMap<>();
        int seen = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition("relay.app.replay", partition))
                    .toList());
            while (seen < ENTRIES) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofSeconds(10));
                assertThat(polled.isEmpty()).as("%d of %d", seen, ENTRIES).isFalse();
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    seen++;
                    String before = lastOfLane.put(text(record, "mqtt-topic"), text(record, "relay-id"));
                    assertThat(before == null || before.compareTo(text(record, "relay-id")) < 0)
                            .as("%s after %s", text(record, "relay-id"), before)
                            .isTrue();
                }
            }
        }
        assertThat(lastOfLane).hasSize(LANES);
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }

    /** Makes an entry like dispatch; the ids are in the order of the numbers. */
    private static ProducerRecord<byte[], byte[]> entry(int number) {
        String id = new UUID((0x0190_0000_0000L + number) << 16 | 0x7000L, 0x8000_0000_0000_0000L | number).toString();
        ProducerRecord<byte[], byte[]> entry =
                new ProducerRecord<>("relay.app.dead", null, bytes(id + "|" + ADDRESS), new byte[PAYLOAD]);
        Map<String, String> headers = new HashMap<>(Map.of(
                "relay-id", id,
                "relay-app-id", "app",
                "relay-client-id", "route",
                "relay-received-at", Long.toString(number),
                "mqtt-topic", "t/" + number % LANES,
                "mqtt-qos", "1",
                "mqtt-retain", "false",
                "relay-address", ADDRESS,
                "relay-attempts", "6",
                "relay-dead-reason", "retries_exhausted"));
        headers.put("relay-dead-error", "answered 500 Internal Server Error: " + "x".repeat(70));
        headers.put("relay-dead-at", Long.toString(number));
        headers.forEach((name, value) -> entry.headers().add(name, bytes(value)));
        return entry;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Object> client() {
        return new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }
}
