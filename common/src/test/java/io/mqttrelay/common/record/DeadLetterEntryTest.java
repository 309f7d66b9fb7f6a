package io.mqttrelay.common.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.value.Ordering;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Entries of a dead topic as they are listed. */
class DeadLetterEntryTest {
    private final RecordCodec codec = new RecordCodec();
    private final RelayMessage message = new RelayMessage(
            "id-1", "app", "route", 5, "a/b", 1, false, null, 77L, null, null, List.of(), bytes("payload"));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ConsumerRecord<byte[], byte[]> lying(byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                "t.dead", 1, 9, 1234, TimestampType.LOG_APPEND_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> lying(ProducerRecord<byte[], byte[]> record) {
        return lying(record.key(), record.value(), record.headers());
    }

    private ConsumerRecord<byte[], byte[]> stored() {
        return RecordCodecTest.consumed(codec.encode(message, Ordering.TOPIC, "t"));
    }

    @Test
    void anEntrySaysEverythingThatWasWritten() {
        DeadLetter letter = new DeadLetter(DeadReason.RETRIES_EXHAUSTED, "http://h/x?q=1", 6, 503, "HTTP 503", 99);
        assertThat(codec.decodeDead(lying(codec.encodeDead(stored(), letter, "t.dead"))))
                .isEqualTo(new DeadLetterEntry(
                        "id-1",
                        "app",
                        "route",
                        "a/b",
                        DeadReason.RETRIES_EXHAUSTED,
                        "http://h/x?q=1",
                        6,
                        503,
                        "HTTP 503",
                        99,
                        5L,
                        "relay.app-3@42",
                        7));
    }

    @Test
    void aMessageThatKafkaCannotHoldIsListedWithItsWholeSize() {
        DeadLetter letter = new DeadLetter(DeadReason.TOO_LARGE, null, 0, null, "too large", 9);
        DeadLetterEntry entry =
                codec.decodeDead(lying(codec.encodeTooLarge(message, bytes("pay"), 700, "abc", letter, "d")));
        assertThat(entry.payloadSize()).isEqualTo(700);
        assertThat(entry.reason()).isEqualTo(DeadReason.TOO_LARGE);
        assertThat(entry.address()).isNull();
    }

    @Test
    void aForeignRecordIsAnEntryToo() {
        Headers headers = new RecordHeaders()
                .add("relay-dead-reason", bytes("bored"))
                .add("relay-attempts", bytes("many"))
                .add("relay-dead-status", null)
                .add("mqtt-topic", new byte[] {(byte) 0xFF});
        DeadLetterEntry entry = codec.decodeDead(lying(bytes("some|http://h/"), bytes("12"), headers));
        assertThat(entry)
                .isEqualTo(new DeadLetterEntry("some", null, null, null, null, null, 0, null, "", 1234, null, null, 2));
    }

    @Test
    void readsTheAddressFromTheKeyOfATombstone() {
        assertThat(RecordCodec.addressOfDeadKey(bytes("id|http://h/a?b=c"))).isEqualTo("http://h/a?b=c");
        assertThat(RecordCodec.addressOfDeadKey(bytes("id|"))).isEmpty();
        assertThat(RecordCodec.addressOfDeadKey(bytes("foreign"))).isEmpty();
    }

    @Test
    void aReplayNamesItsOneAddressItsRunAndNothingOfTheFailure() {
        DeadLetter letter = new DeadLetter(DeadReason.EXPIRED, "http://h/", 0, null, "late", 99);
        ConsumerRecord<byte[], byte[]> dead = lying(codec.encodeDead(stored(), letter, "t.dead"));
        Replay replay = new Replay("http://h/", "run-1");
        ProducerRecord<byte[], byte[]> again = codec.encodeReplay(dead, message, replay, Ordering.APP, "t.replay");

        assertThat(again.topic()).isEqualTo("t.replay");
        assertThat(again.key()).isEqualTo(bytes("app"));
        assertThat(again.timestamp()).isNull();
        assertThat(again.partition()).isNull();
        assertThat(again.headers().toArray())
                .hasSize(stored().headers().toArray().length + 2)
                .startsWith(stored().headers().toArray());
        assertThat(codec.decode(RecordCodecTest.consumed(again)))
                .isInstanceOfSatisfying(Decoded.Message.class, decoded -> {
                    assertThat(decoded.replay()).isEqualTo(replay);
                    assertThat(decoded.message().id()).isEqualTo("id-1");
                    assertThat(decoded.message().expiresAt()).isNull();
                });
    }

    @Test
    void aReplayThatDoesNotSayWhereToIsUndecodable() {
        ProducerRecord<byte[], byte[]> record = codec.encode(message, Ordering.TOPIC, "t");
        record.headers().add("relay-replay", bytes("run"));
        assertThat(codec.decode(RecordCodecTest.consumed(record)))
                .isEqualTo(new Decoded.Undecodable("header relay-address is missing"));
    }

    @Test
    void aMessageOrADeadLetterIsNoReplay() {
        DeadLetter letter = new DeadLetter(DeadReason.REJECTED, "http://h/", 1, 400, "no", 99);
        for (ConsumerRecord<byte[], byte[]> each :
                List.of(stored(), lying(codec.encodeDead(stored(), letter, "t.dead")))) {
            assertThat(codec.decode(each)).isInstanceOfSatisfying(Decoded.Message.class, decoded -> {
                assertThat(decoded.replay()).isNull();
                assertThat(decoded.message().expiresAt()).isEqualTo(77);
            });
        }
    }
}
