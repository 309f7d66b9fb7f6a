package io.mqttrelay.common.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.value.Ordering;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

class RecordCodecPropertyTest {
    // RANDOMIZED: with many tries jqwik would enumerate all maps, without an end

    private final RecordCodec codec = new RecordCodec();

    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("%=235Da/").ofMaxLength(10),
                Arbitraries.strings()
                        .ofMaxLength(10)
                        .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text)));
    }

    @Provide
    Arbitrary<RelayMessage> messages() {
        Arbitrary<byte[]> payloads = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
        Arbitrary<List<UserProperty>> properties = Combinators.combine(texts(), texts())
                .as(UserProperty::new)
                .list()
                .ofMaxSize(4);
        Arbitrary<List<String>> names = texts().list().ofSize(3);
        Arbitrary<List<String>> optional = texts().injectNull(0.4).list().ofSize(2);
        return Combinators.combine(
                        names,
                        optional,
                        properties,
                        payloads,
                        payloads.injectNull(0.5),
                        Arbitraries.longs(),
                        Arbitraries.longs().injectNull(0.5),
                        Arbitraries.integers().between(0, 2))
                .as((name, some, users, payload, correlation, received, expires, qos) -> new RelayMessage(
                        "0190-id",
                        name.get(0),
                        name.get(1),
                        received,
                        name.get(2),
                        qos,
                        qos == 1,
                        some.get(0),
                        expires,
                        some.get(1),
                        correlation,
                        users,
                        payload));
    }

    @Property(generation = GenerationMode.RANDOMIZED)
    void decodesEveryEncodedMessage(@ForAll("messages") RelayMessage message, @ForAll Ordering ordering) {
        Decoded decoded = codec.decode(RecordCodecTest.consumed(codec.encode(message, ordering, "t")));
        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Message.class,
                        read -> assertThat(read.message())
                                .usingRecursiveComparison()
                                .isEqualTo(message));
    }

    @Provide
    Arbitrary<Map<String, byte[]>> headers() {
        Arbitrary<String> names = Arbitraries.of(
                "relay-id",
                "relay-app-id",
                "relay-client-id",
                "relay-received-at",
                "mqtt-topic",
                "mqtt-qos",
                "mqtt-retain",
                "mqtt-user-property",
                "mqtt-expires-at",
                "relay-dead-error",
                "relay-dead-at",
                "relay-dead-reason",
                "relay-address",
                "relay-replay",
                "relay-attempts",
                "relay-payload-size",
                "x");
        Arbitrary<byte[]> values = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(8),
                Arbitraries.of("1", "true", "id", "a=b").map(text -> text.getBytes(StandardCharsets.UTF_8)));
        return Arbitraries.maps(names, values.injectNull(0.1));
    }

    @Property(generation = GenerationMode.RANDOMIZED)
    void noRecordMakesTheCodecThrow(
            @ForAll("headers") Map<String, byte[]> headers, @ForAll("headers") Map<String, byte[]> more) {
        RecordHeaders all = new RecordHeaders();
        headers.forEach(all::add);
        more.forEach(all::add);
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("t", 0, 1, 0, TimestampType.CREATE_TIME, 0, 0, null, null, all, Optional.empty());
        assertThat(codec.decode(record)).isNotNull();
        DeadLetter letter = new DeadLetter(DeadReason.UNDECODABLE, null, 0, null, "x", 1);
        assertThat(codec.encodeDead(record, letter, "d").value()).isNotNull();
        assertThat(codec.decodeDead(record)).isNotNull();
    }

    @Property(generation = GenerationMode.RANDOMIZED)
    void headersDoNotGrowWithFailuresAndReplays(
            @ForAll("messages") RelayMessage message, @ForAll("headers") Map<String, byte[]> foreign) {
        ProducerRecord<byte[], byte[]> first = codec.encode(message, Ordering.TOPIC, "t");
        foreign.forEach((name, value) -> first.headers().add("x-" + name, value));
        Replay replay = new Replay("http://h/", "run");
        DeadLetter letter = new DeadLetter(DeadReason.REJECTED, "http://h/", 1, 400, "no", 9);

        ProducerRecord<byte[], byte[]> dead = codec.encodeDead(RecordCodecTest.consumed(first), letter, "d");
        ProducerRecord<byte[], byte[]> again =
                codec.encodeReplay(RecordCodecTest.consumed(dead), message, replay, Ordering.TOPIC, "r");
        ProducerRecord<byte[], byte[]> deadAgain = codec.encodeDead(RecordCodecTest.consumed(again), letter, "d");
        ProducerRecord<byte[], byte[]> andAgain =
                codec.encodeReplay(RecordCodecTest.consumed(deadAgain), message, replay, Ordering.TOPIC, "r");

        assertThat(deadAgain.headers()).isEqualTo(dead.headers());
        assertThat(deadAgain.key()).isEqualTo(dead.key());
        assertThat(andAgain.headers()).isEqualTo(again.headers());
        assertThat(again.key()).isEqualTo(first.key());
        assertThat(again.value()).isEqualTo(message.payload());
        assertThat(again.headers().toArray()).startsWith(first.headers().toArray());
    }
}
