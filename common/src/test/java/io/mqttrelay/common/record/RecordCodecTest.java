package io.mqttrelay.common.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.value.Ordering;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private final RecordCodec codec = new RecordCodec();
    private final RelayMessage plain = new RelayMessage(
            "id-1", "app", "client", 5, "a/b", 1, false, null, null, null, null, List.of(), bytes("payload"));

    static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record) {
        return consumed(record.value(), record.headers());
    }

    private static ConsumerRecord<byte[], byte[]> consumed(byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                "relay.app", 3, 42, 0, TimestampType.CREATE_TIME, 0, 0, bytes("key"), value, headers, Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static List<String> names(Headers headers) {
        List<String> names = new ArrayList<>();
        headers.forEach(header -> names.add(header.key()));
        return names;
    }

    private String problem(byte[] value, Headers headers) {
        Decoded decoded = codec.decode(consumed(value, headers));
        assertThat(decoded).isInstanceOf(Decoded.Undecodable.class);
        return ((Decoded.Undecodable) decoded).problem();
    }

    private Headers headersBut(String name, byte[] value) {
        Headers headers = codec.encode(plain, Ordering.TOPIC, "t").headers();
        headers.remove(name);
        return headers.add(name, value);
    }

    @Test
    void theKeyIsTheAppAndTheOrderedPart() {
        assertThat(codec.encode(plain, Ordering.TOPIC, "t").key()).isEqualTo(bytes("app/a/b"));
        assertThat(codec.encode(plain, Ordering.NONE, "t").key()).isEqualTo(bytes("app/a/b"));
        assertThat(codec.encode(plain, Ordering.APP, "t").key()).isEqualTo(bytes("app"));
    }

    @Test
    void theTimestampIsLeftToTheProducer() {
        ProducerRecord<byte[], byte[]> record = codec.encode(plain, Ordering.TOPIC, "t");
        assertThat(record.timestamp()).isNull();
        assertThat(record.partition()).isNull();
    }

    @Test
    void omitsHeadersThatMqttDidNotHave() {
        assertThat(names(codec.encode(plain, Ordering.TOPIC, "t").headers()))
                .containsExactly(
                        "relay-id",
                        "relay-app-id",
                        "relay-client-id",
                        "relay-received-at",
                        "mqtt-topic",
                        "mqtt-qos",
                        "mqtt-retain");
    }

    @Test
    void aRecordThatIngestDidNotWriteIsUndecodableAndSaysWhy() {
        byte[] value = bytes("v");
        assertThat(problem(value, new RecordHeaders())).isEqualTo("header relay-id is missing");
        assertThat(problem(null, codec.encode(plain, Ordering.TOPIC, "t").headers()))
                .isEqualTo("the value is null");
        assertThat(problem(value, headersBut("relay-id", bytes("a.b")))).isEqualTo("header relay-id is not an id");
        assertThat(problem(value, headersBut("relay-id", bytes("a\r\nb")))).isEqualTo("header relay-id is not an id");
        assertThat(problem(value, headersBut("relay-id", bytes("a|b")))).isEqualTo("header relay-id is not an id");
        assertThat(problem(value, headersBut("relay-id", bytes("")))).isEqualTo("header relay-id is not an id");
        assertThat(problem(value, headersBut("relay-app-id", null))).isEqualTo("header relay-app-id is null");
        assertThat(problem(value, headersBut("mqtt-topic", new byte[] {(byte) 0xFF})))
                .isEqualTo("header mqtt-topic is not UTF-8");
        assertThat(problem(value, headersBut("mqtt-qos", bytes("3")))).isEqualTo("header mqtt-qos is not 0, 1 or 2");
        assertThat(problem(value, headersBut("mqtt-retain", bytes("yes"))))
                .isEqualTo("header mqtt-retain is not true or false");
        assertThat(problem(value, headersBut("relay-received-at", bytes("now"))))
                .isEqualTo("header relay-received-at is not a number");
        assertThat(problem(value, headersBut("mqtt-expires-at", bytes("99999999999999999999"))))
                .isEqualTo("header mqtt-expires-at is not a number");
        assertThat(problem(value, headersBut("mqtt-user-property", bytes("novalue"))))
                .isEqualTo("header mqtt-user-property is not name=value");
    }

    @Test
    void aHeaderThatIsThereTwiceMakesTheRecordUndecodable() {
        Headers headers = codec.encode(plain, Ordering.TOPIC, "t").headers().add("relay-app-id", bytes("other"));
        assertThat(problem(bytes("v"), headers)).isEqualTo("header relay-app-id is there twice");
    }

    @Test
    void aDeadLetterKeepsValueAndHeadersAndSaysWhy() {
        ProducerRecord<byte[], byte[]> stored = codec.encode(plain, Ordering.TOPIC, "t");
        stored.headers().add("foreign", new byte[] {0, -1});
        ProducerRecord<byte[], byte[]> dead = codec.encodeDead(
                consumed(stored), new DeadLetter(DeadReason.REJECTED, "http://h/", 2, 422, "no", 9), "t.dead");
        assertThat(dead.key()).isEqualTo(bytes("id-1|http://h/"));
        assertThat(dead.value()).isEqualTo(bytes("payload"));
        assertThat(dead.timestamp()).isNull();
        assertThat(dead.headers().lastHeader("foreign").value()).containsExactly(0, -1);
        assertThat(text(dead.headers(), "relay-address")).isEqualTo("http://h/");
        assertThat(text(dead.headers(), "relay-attempts")).isEqualTo("2");
        assertThat(text(dead.headers(), "relay-dead-reason")).isEqualTo("rejected");
        assertThat(text(dead.headers(), "relay-dead-status")).isEqualTo("422");
        assertThat(text(dead.headers(), "relay-dead-error")).isEqualTo("no");
        assertThat(text(dead.headers(), "relay-dead-at")).isEqualTo("9");
        assertThat(text(dead.headers(), "relay-origin")).isEqualTo("relay.app-3@42");
        assertThat(codec.decode(consumed(dead))).isInstanceOf(Decoded.Message.class);
    }

    @Test
    void headersDoNotGrowHoweverOftenAMessageDies() {
        DeadLetter letter = new DeadLetter(DeadReason.RETRIES_EXHAUSTED, "http://h/", 6, null, "refused", 9);
        ProducerRecord<byte[], byte[]> once =
                codec.encodeDead(consumed(codec.encode(plain, Ordering.TOPIC, "t")), letter, "t.dead");
        ProducerRecord<byte[], byte[]> twice = codec.encodeDead(consumed(once), letter, "t.dead");
        assertThat(names(twice.headers())).isEqualTo(names(once.headers())).doesNotHaveDuplicates();
        assertThat(twice.key()).isEqualTo(once.key());
    }

    @Test
    void anErrorIsOneLineOfAtMostOneKilobyte() {
        String error = "first\r\nsecond\u2028third\u0000" + "ü".repeat(2000);
        DeadLetter letter = new DeadLetter(DeadReason.REJECTED, null, 1, null, error, 9);
        Header header = codec.encodeDead(consumed(codec.encode(plain, Ordering.TOPIC, "t")), letter, "d")
                .headers()
                .lastHeader("relay-dead-error");
        String line = new String(header.value(), StandardCharsets.UTF_8);
        assertThat(header.value()).hasSizeBetween(1020, 1024);
        assertThat(line).startsWith("first  second third ü").endsWith("ü").doesNotContain("\uFFFD");
    }

    @Test
    void anUndecodableRecordDiesByItsPlaceAndNeverAsATombstone() {
        DeadLetter letter = new DeadLetter(DeadReason.UNDECODABLE, null, 0, null, "header relay-id is missing", 9);
        ProducerRecord<byte[], byte[]> dead = codec.encodeDead(consumed(null, new RecordHeaders()), letter, "d");
        assertThat(dead.key()).isEqualTo(bytes("relay.app-3@42|"));
        assertThat(dead.value()).isEmpty();
    }

    @Test
    void aMessageThatKafkaCannotHoldIsKeptByItsHeadSizeAndHash() {
        DeadLetter letter = new DeadLetter(DeadReason.TOO_LARGE, null, 0, null, "too large", 9);
        ProducerRecord<byte[], byte[]> dead = codec.encodeTooLarge(plain, bytes("pay"), 7, "abc", letter, "d");
        assertThat(dead.value()).isEqualTo(bytes("pay"));
        assertThat(text(dead.headers(), "relay-payload-size")).isEqualTo("7");
        assertThat(text(dead.headers(), "relay-payload-sha256")).isEqualTo("abc");
        assertThat(text(dead.headers(), "relay-dead-reason")).isEqualTo("too_large");
        assertThat(names(dead.headers())).doesNotContain("relay-address", "relay-origin", "relay-dead-status");
    }
}
