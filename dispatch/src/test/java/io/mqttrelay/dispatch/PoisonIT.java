package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** Records that ingest would never write: each becomes a dead letter with a reason, and stops nothing. */
final class PoisonIT extends DispatchScene {
    private static final byte[] NOT_UTF8 = {(byte) 0xC3, (byte) 0x28};

    PoisonIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private record Poison(String problem, UnaryOperator<ProducerRecord<byte[], byte[]>> spoil) {}

    private static List<Poison> poisons() {
        List<Poison> poisons = new ArrayList<>();
        poisons.add(new Poison(
                "relay-id is missing",
                record -> foreign(record, "{\"foreign\":true}".getBytes(StandardCharsets.UTF_8))));
        poisons.add(new Poison("relay-id is missing", record -> foreign(record, null)));
        poisons.add(new Poison("the value is null", PoisonIT::withoutValue));
        for (String name : List.of("relay-app-id", "relay-client-id", "relay-received-at", "mqtt-topic", "mqtt-qos")) {
            poisons.add(new Poison(name + " is missing", record -> without(record, name)));
        }
        poisons.add(new Poison(
                "relay-id is there twice",
                record -> with(record, "relay-id", "second".getBytes(StandardCharsets.UTF_8))));
        poisons.add(new Poison("mqtt-topic is not UTF-8", record -> replaced(record, "mqtt-topic", NOT_UTF8)));
        poisons.add(new Poison(
                "mqtt-qos is not 0, 1 or 2",
                record -> replaced(record, "mqtt-qos", "7".getBytes(StandardCharsets.UTF_8))));
        poisons.add(new Poison(
                "relay-received-at is not a number",
                record -> replaced(record, "relay-received-at", "x".getBytes(StandardCharsets.UTF_8))));
        poisons.add(new Poison(
                "mqtt-retain is not true or false",
                record -> replaced(record, "mqtt-retain", "yes".getBytes(StandardCharsets.UTF_8))));
        poisons.add(new Poison("relay-client-id is null", record -> replaced(record, "relay-client-id", null)));
        poisons.add(new Poison(
                "mqtt-user-property is not name=value",
                record -> with(record, "mqtt-user-property", "x".getBytes(StandardCharsets.UTF_8))));
        poisons.add(new Poison(
                "mqtt-expires-at is not a number",
                record -> with(record, "mqtt-expires-at", "soon".getBytes(StandardCharsets.UTF_8))));
        poisons.add(new Poison(
                "of another app than its topic",
                record -> replaced(record, "relay-app-id", "other".getBytes(StandardCharsets.UTF_8))));
        poisons.add(new Poison(
                "no route nobody",
                record -> replaced(record, "relay-client-id", "nobody".getBytes(StandardCharsets.UTF_8))));
        return poisons;
    }

    @Test
    void everyPoisonIsADeadLetterAndTheGoodOnesBetweenArrive() {
        started(settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/a"))));
        List<Poison> poisons = poisons();
        for (Poison poison : poisons) {
            RelayMessage message = TestRecords.message("app", "r", "t", "p".getBytes(StandardCharsets.UTF_8));
            records.write(poison.spoil().apply(records.record(message)));
            records.write("app", "r", "t");
        }
        records.flush();

        awaitCommitted("app", 2L * poisons.size());
        List<ConsumerRecord<byte[], byte[]>> letters = dead("app", poisons.size());
        assertThat(callback.requests("/a")).hasSize(poisons.size());
        assertThat(letters)
                .extracting(letter -> header(letter, "relay-dead-error"))
                .zipSatisfy(poisons, (error, poison) -> assertThat(error).contains(poison.problem()));
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.value()).isNotNull();
            assertThat(header(letter, "relay-address")).isEmpty();
            assertThat(header(letter, "relay-origin")).contains("@");
            assertThat(header(letter, "relay-dead-reason"))
                    .isEqualTo(header(letter, "relay-dead-error").contains("no route") ? "no_route" : "undecodable");
        });
    }

    private static ProducerRecord<byte[], byte[]> foreign(ProducerRecord<byte[], byte[]> record, byte[] value) {
        return new ProducerRecord<>(record.topic(), null, null, value);
    }

    private static ProducerRecord<byte[], byte[]> withoutValue(ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(record.topic(), null, record.key(), null, record.headers());
    }

    private static ProducerRecord<byte[], byte[]> without(ProducerRecord<byte[], byte[]> record, String name) {
        record.headers().remove(name);
        return record;
    }

    private static ProducerRecord<byte[], byte[]> with(
            ProducerRecord<byte[], byte[]> record, String name, byte[] value) {
        Header header = new RecordHeader(name, value);
        record.headers().add(header);
        return record;
    }

    private static ProducerRecord<byte[], byte[]> replaced(
            ProducerRecord<byte[], byte[]> record, String name, byte[] value) {
        return with(without(record, name), name, value);
    }
}
