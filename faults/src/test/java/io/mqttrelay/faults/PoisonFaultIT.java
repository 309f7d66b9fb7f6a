package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A foreign program writes into the relay's topic: undecodable records become dead letters, and their neighbours pass.
 */
@Tag("every-change")
final class PoisonFaultIT extends FaultScene {
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final byte[] NOT_UTF8 = {(byte) 0xC3, (byte) 0x28};

    PoisonFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    /** A record like ingest's, spoilt. */
    private record Poison(String problem, UnaryOperator<ProducerRecord<byte[], byte[]>> spoil) {
        static Poison headers(String problem, Consumer<Headers> change) {
            return new Poison(problem, record -> {
                change.accept(record.headers());
                return record;
            });
        }

        static Poison replaced(String problem, String header, byte[] value) {
            return headers(problem, headers -> headers.remove(header).add(header, value));
        }
    }

    private static final List<Poison> POISONS = List.of(
            new Poison("relay-id is missing", record -> new ProducerRecord<>(record.topic(), record.value())),
            new Poison("relay-id is missing", record -> new ProducerRecord<>(record.topic(), null)),
            new Poison(
                    "the value is null",
                    record -> new ProducerRecord<>(record.topic(), null, record.key(), null, record.headers())),
            Poison.headers("relay-app-id is missing", headers -> headers.remove("relay-app-id")),
            Poison.headers("mqtt-topic is missing", headers -> headers.remove("mqtt-topic")),
            Poison.headers("relay-id is there twice", headers -> headers.add("relay-id", utf8("another"))),
            Poison.replaced("mqtt-topic is not UTF-8", "mqtt-topic", NOT_UTF8),
            Poison.replaced("mqtt-qos is not 0, 1 or 2", "mqtt-qos", utf8("7")),
            Poison.replaced("relay-received-at is not a number", "relay-received-at", utf8("now")),
            Poison.replaced("relay-client-id is null", "relay-client-id", null),
            Poison.replaced("no route nobody", "relay-client-id", utf8("nobody")),
            Poison.replaced("of another app than its topic", "relay-app-id", utf8("other")));

    @Test
    void f37UndecodableRecordsAmongGoodOnes() throws Exception {
        ingest().ready();
        dispatch().ready();
        Run run = run("F37", 50, "/a");
        run.flows(50);
        String brokers = kafka.bootstrapServers(Listener.DIRECT);
        ConsumerRecord<byte[], byte[]> good =
                new KafkaRecords(brokers).await(messagesTopic(), 1, RECOVERY).get(0);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Poison poison : POISONS) {
                producer.send(poison.spoil().apply(copy(good))).get();
                run.flows(5);
            }
        }
        run.ends(0, RECOVERY);
        assertThat(run.deadLetters())
                .extracting(letter -> Run.text(letter, "relay-dead-error"))
                .hasSameSizeAs(POISONS)
                .satisfies(errors -> POISONS.forEach(
                        poison -> assertThat(errors).anyMatch(error -> error.contains(poison.problem()))));
        assertThat(run.deadLetters())
                .allSatisfy(letter ->
                        assertThat(Run.text(letter, "relay-dead-reason")).isIn("undecodable", "no_route"));
    }

    private static ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> good) {
        TestMessage message = TestMessage.next();
        Headers headers = new RecordHeaders(good.headers());
        headers.remove("relay-id").add("relay-id", utf8("poison-" + message.id()));
        return new ProducerRecord<>(good.topic(), null, good.key(), message.payload(), headers);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
