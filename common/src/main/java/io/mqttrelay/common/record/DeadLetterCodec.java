package io.mqttrelay.common.record;

import static io.mqttrelay.common.record.HeaderNames.ADDED;
import static io.mqttrelay.common.record.HeaderNames.ADDRESS;
import static io.mqttrelay.common.record.HeaderNames.APP_ID;
import static io.mqttrelay.common.record.HeaderNames.ATTEMPTS;
import static io.mqttrelay.common.record.HeaderNames.CLIENT_ID;
import static io.mqttrelay.common.record.HeaderNames.DEAD_AT;
import static io.mqttrelay.common.record.HeaderNames.DEAD_ERROR;
import static io.mqttrelay.common.record.HeaderNames.DEAD_REASON;
import static io.mqttrelay.common.record.HeaderNames.DEAD_STATUS;
import static io.mqttrelay.common.record.HeaderNames.ID;
import static io.mqttrelay.common.record.HeaderNames.ORIGIN;
import static io.mqttrelay.common.record.HeaderNames.PAYLOAD_SHA256;
import static io.mqttrelay.common.record.HeaderNames.PAYLOAD_SIZE;
import static io.mqttrelay.common.record.HeaderNames.RECEIVED_AT;
import static io.mqttrelay.common.record.HeaderNames.REPLAY;
import static io.mqttrelay.common.record.HeaderNames.TOPIC;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes dead letters and encodes replays: adds their headers to a message and removes them again. */
final class DeadLetterCodec {
    private static final byte[] NOTHING = new byte[0];

    private DeadLetterCodec() {}

    static ProducerRecord<byte[], byte[]> encode(
            ConsumerRecord<byte[], byte[]> record, DeadLetter dead, String deadTopic) {
        RecordHeaders headers = ofTheMessage(record);
        String origin = record.topic() + "-" + record.partition() + "@" + record.offset();
        add(headers, dead, origin);
        Header id = record.headers().lastHeader(ID);
        String idText = id == null || id.value() == null ? origin : new String(id.value(), StandardCharsets.UTF_8);
        byte[] value = record.value() == null ? NOTHING : record.value(); // a null value would delete the entry
        return new ProducerRecord<>(deadTopic, null, key(idText, dead.address()), value, headers);
    }

    /** @param headers the message's own; the entry's are added to them */
    static ProducerRecord<byte[], byte[]> encodeTooLarge(
            RelayMessage message, RecordHeaders headers, TooLargePayload payload, DeadLetter dead, String deadTopic) {
        headers.add(PAYLOAD_SIZE, utf8(Long.toString(payload.size())));
        headers.add(PAYLOAD_SHA256, utf8(payload.sha256()));
        add(headers, dead, null);
        return new ProducerRecord<>(deadTopic, null, key(message.id(), dead.address()), payload.head(), headers);
    }

    /** @param headers the message's own; the entry's are added to them */
    static ProducerRecord<byte[], byte[]> encodeUnreadable(
            RelayMessage message, RecordHeaders headers, DeadLetter dead, String deadTopic) {
        add(headers, dead, null);
        return new ProducerRecord<>(deadTopic, null, key(message.id(), dead.address()), message.payload(), headers);
    }

    /** The part of an oversized payload that a dead letter keeps. */
    @SuppressWarnings("ArrayRecordComponent") // built and taken apart at once
    record TooLargePayload(byte[] head, long size, String sha256) {}

    static ProducerRecord<byte[], byte[]> encodeReplay(
            ConsumerRecord<byte[], byte[]> record, byte[] key, Replay replay, String replayTopic) {
        RecordHeaders headers = ofTheMessage(record);
        headers.add(ADDRESS, utf8(replay.address()));
        headers.add(REPLAY, utf8(replay.run()));
        return new ProducerRecord<>(replayTopic, null, key, record.value(), headers);
    }

    /** The message's own headers, without those of an earlier dead letter or replay, so that headers never grow. */
    private static RecordHeaders ofTheMessage(ConsumerRecord<byte[], byte[]> record) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!ADDED.contains(header.key())) {
                headers.add(header);
            }
        }
        return headers;
    }

    private static byte[] key(String id, @Nullable String address) {
        return utf8(id + "|" + (address == null ? "" : address));
    }

    private static void add(Headers headers, DeadLetter dead, @Nullable String origin) {
        addIfPresent(headers, ADDRESS, dead.address());
        headers.add(ATTEMPTS, utf8(Integer.toString(dead.attempts())));
        headers.add(DEAD_REASON, utf8(dead.reason().text()));
        Integer status = dead.status();
        addIfPresent(headers, DEAD_STATUS, status == null ? null : status.toString());
        headers.add(DEAD_ERROR, utf8(dead.errorLine()));
        headers.add(DEAD_AT, utf8(Long.toString(dead.deadAt())));
        addIfPresent(headers, ORIGIN, origin);
    }

    private static void addIfPresent(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, utf8(value));
        }
    }

    /** Decodes any record as an entry; never throws. */
    static DeadLetterEntry decode(ConsumerRecord<byte[], byte[]> record) {
        Lenient headers = new Lenient(record.headers());
        Long attempts = headers.number(ATTEMPTS);
        Long status = headers.number(DEAD_STATUS);
        Long deadAt = headers.number(DEAD_AT);
        Long size = headers.number(PAYLOAD_SIZE);
        String id = headers.text(ID);
        return new DeadLetterEntry(
                id == null ? idOfKey(record.key()) : id,
                headers.text(APP_ID),
                headers.text(CLIENT_ID),
                headers.text(TOPIC),
                reason(headers.text(DEAD_REASON)),
                headers.text(ADDRESS),
                attempts == null ? 0 : attempts.intValue(),
                status == null ? null : status.intValue(),
                Objects.requireNonNullElse(headers.text(DEAD_ERROR), ""),
                deadAt == null ? record.timestamp() : deadAt,
                headers.number(RECEIVED_AT),
                headers.text(ORIGIN),
                size != null ? size : record.value() == null ? 0 : record.value().length);
    }

    private static @Nullable DeadReason reason(@Nullable String text) {
        for (DeadReason reason : DeadReason.values()) {
            if (reason.text().equals(text)) {
                return reason;
            }
        }
        return null;
    }

    /** The route of an entry; empty: not known. */
    static String clientId(ConsumerRecord<byte[], byte[]> record) {
        return Objects.requireNonNullElse(new Lenient(record.headers()).text(CLIENT_ID), "");
    }

    /** The address in an entry's key, which a tombstone has too; empty: not known. */
    static String addressOfKey(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        int bar = text.indexOf('|');
        return bar < 0 ? "" : text.substring(bar + 1);
    }

    private static String idOfKey(byte @Nullable [] key) {
        String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        int bar = text.indexOf('|');
        return bar < 0 ? text : text.substring(0, bar);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads headers of a record from any producer: an unreadable header counts as missing. */
    private static final class Lenient {
        private final HeaderReader headers;

        Lenient(Headers headers) {
            this.headers = new HeaderReader(headers);
        }

        @Nullable
        String text(String name) {
            try {
                return headers.optional(name);
            } catch (UndecodableException e) {
                return null;
            }
        }

        @Nullable
        Long number(String name) {
            try {
                return headers.optionalNumber(name);
            } catch (UndecodableException e) {
                return null;
            }
        }
    }
}
