package io.mqttrelay.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The dead letter of a message that is too large for Kafka. */
class TooLargeTest {
    private static final int KIB = 1024;

    private final RecordCodec codec = new RecordCodec();
    private final byte[] payload = new byte[200 * KIB];

    TooLargeTest() {
        new Random(1).nextBytes(payload);
    }

    private RelayMessage message(byte[] correlationData, List<UserProperty> properties) {
        return new RelayMessage(
                "id", "app", "route", 0, "a/b", 1, false, null, null, null, correlationData, properties, new byte[0]);
    }

    private ProducerRecord<byte[], byte[]> record(TooLarge tooLarge) {
        return tooLarge.record(codec, "relay.app.dead", 7);
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void keepsTheBeginningWithTheWholePayloadsSizeAndHash() {
        ProducerRecord<byte[], byte[]> record = record(
                TooLarge.byKafka(message(null, List.of()), ByteBuffer.wrap(payload), "larger than max.request.size"));
        assertThat(record.topic()).isEqualTo("relay.app.dead");
        assertThat(record.value()).isEqualTo(Arrays.copyOf(payload, 64 * KIB));
        assertThat(record.headers())
                .anySatisfy(header ->
                        assertThat(new String(header.value(), UTF_8)).isEqualTo(Integer.toString(payload.length)));
        assertThat(header(record, "relay-dead-error")).contains("larger than max.request.size");
    }

    @Test
    void itGetsSmallerUntilNothingOfThePayloadIsLeft() {
        TooLarge first = TooLarge.byKafka(message(null, List.of()), ByteBuffer.wrap(payload), "why");
        TooLarge second = first.smaller();
        TooLarge third = second.smaller();
        assertThat(record(second).value()).hasSize(4 * KIB);
        assertThat(record(third).value()).isEmpty();
        assertThat(third.smaller()).isNull();
    }

    @Test
    void propertiesUpToTheBoundAreNoReason() {
        byte[] bound = new byte[TooLarge.MAX_PROPERTY_BYTES];
        assertThat(TooLarge.byProperties(message(null, List.of()), ByteBuffer.wrap(payload)))
                .isNull();
        assertThat(TooLarge.byProperties(message(bound, List.of()), ByteBuffer.wrap(payload)))
                .isNull();
        assertThat(TooLarge.byProperties(message(new byte[bound.length + 1], List.of()), ByteBuffer.wrap(payload)))
                .isNotNull();
    }

    @Test
    void ofTooManyPropertiesTheFirstAreKeptInTheirOrder() {
        List<UserProperty> many = Collections.nCopies(100, new UserProperty("name", "v".repeat(KIB)));
        TooLarge tooLarge =
                TooLarge.byProperties(message("correlation".getBytes(UTF_8), many), ByteBuffer.wrap(payload));
        assertThat(tooLarge).isNotNull();
        int headerBytes = 0;
        for (var header : record(tooLarge).headers()) {
            headerBytes += header.value().length;
        }
        assertThat(headerBytes).isBetween(14 * KIB, 18 * KIB);
    }
}
