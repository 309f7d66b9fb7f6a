package io.mqttrelay.ingest.mqtt.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The MQTT 5 properties of one PUBLISH packet, read where they lie, one after the other. */
final class Properties {
    private static final int MAX_VARIABLE_BYTES = 4;
    private static final int MALFORMED = -1;

    private final ByteBuf in;
    private final int end;
    private int at;
    private int id;
    private int valueAt;
    private long seen;
    private boolean complete;

    private Properties(ByteBuf in, int start, int end) {
        this.in = in;
        this.end = end;
        this.at = start;
    }

    /** Null: their length cannot be read, or is more than the packet has. */
    static @Nullable Properties of(ByteBuf in, int start, int packetEnd) {
        int length = variable(in, start, packetEnd);
        if (length == MALFORMED) {
            return null;
        }
        int first = start + variableBytes(length);
        return length > packetEnd - first ? null : new Properties(in, first, first + length);
    }

    /** Where the payload begins. */
    int end() {
        return end;
    }

    /** Goes to the next property; false: there is none, or it is not whole or not known. */
    boolean next() {
        if (at == end) {
            complete = true;
            return false;
        }
        id = variable(in, at, end);
        valueAt = at + (id == MALFORMED ? 0 : variableBytes(id));
        int size = valueSize();
        if (size == MALFORMED || size > end - valueAt) {
            return false;
        }
        at = valueAt + size;
        return true;
    }

    /** Whether the last one ended where all of them end. */
    boolean isComplete() {
        return complete;
    }

    int id() {
        return id;
    }

    /** Where the value of the property begins. */
    int valueAt() {
        return valueAt;
    }

    /** Which rule the property breaks; null: none. */
    @Nullable
    String broken() {
        if (id != PublishRules.USER_PROPERTY && id != PublishRules.SUBSCRIPTION_ID) {
            long bit = 1L << id;
            if ((seen & bit) != 0) {
                return name() + " is there twice";
            }
            seen |= bit;
        }
        return isValid() ? null : name() + " is malformed";
    }

    private boolean isValid() {
        return switch (id) {
            case PublishRules.PAYLOAD_FORMAT -> in.getUnsignedByte(valueAt) <= 1;
            case PublishRules.CONTENT_TYPE -> PublishRules.isText(in, valueAt + 2, text(valueAt));
            case PublishRules.RESPONSE_TOPIC -> PublishRules.isTopic(in, valueAt + 2, text(valueAt));
            case PublishRules.SUBSCRIPTION_ID -> in.getByte(valueAt) != 0;
            case PublishRules.TOPIC_ALIAS -> false; // the relay allows the broker none
            case PublishRules.USER_PROPERTY -> isUserProperty();
            default -> true;
        };
    }

    private boolean isUserProperty() {
        int value = valueAt + 2 + text(valueAt);
        return PublishRules.isText(in, valueAt + 2, text(valueAt)) && PublishRules.isText(in, value + 2, text(value));
    }

    private String name() {
        return switch (id) {
            case PublishRules.PAYLOAD_FORMAT -> "the payload format indicator";
            case PublishRules.EXPIRY -> "the message expiry interval";
            case PublishRules.CONTENT_TYPE -> "the content type";
            case PublishRules.RESPONSE_TOPIC -> "the response topic";
            case PublishRules.CORRELATION_DATA -> "the correlation data";
            case PublishRules.SUBSCRIPTION_ID -> "a subscription identifier";
            case PublishRules.TOPIC_ALIAS -> "the topic alias";
            default -> "a user property";
        };
    }

    /** Bytes of the text whose length stands at {@code lengthAt}. */
    int text(int lengthAt) {
        return in.getUnsignedShort(lengthAt);
    }

    private int valueSize() {
        return switch (id) {
            case PublishRules.PAYLOAD_FORMAT -> 1;
            case PublishRules.EXPIRY -> 4;
            case PublishRules.TOPIC_ALIAS -> 2;
            case PublishRules.CONTENT_TYPE, PublishRules.RESPONSE_TOPIC, PublishRules.CORRELATION_DATA ->
                sizeOfText(valueAt);
            case PublishRules.USER_PROPERTY -> {
                int name = sizeOfText(valueAt);
                int value = name == MALFORMED || name > end - valueAt ? MALFORMED : sizeOfText(valueAt + name);
                yield value == MALFORMED ? MALFORMED : name + value;
            }
            case PublishRules.SUBSCRIPTION_ID -> {
                int value = variable(in, valueAt, end);
                yield value == MALFORMED ? MALFORMED : variableBytes(value);
            }
            default -> MALFORMED;
        };
    }

    private int sizeOfText(int lengthAt) {
        return end - lengthAt < 2 ? MALFORMED : 2 + text(lengthAt);
    }

    /** A variable byte integer in as few bytes as it needs, or {@link #MALFORMED}. */
    private static int variable(ByteBuf in, int at, int end) {
        int value = 0;
        for (int i = 0; i < MAX_VARIABLE_BYTES && at + i < end; i++) {
            byte next = in.getByte(at + i);
            value |= (next & 0x7F) << (7 * i);
            if (next >= 0) {
                return next == 0 && i > 0 ? MALFORMED : value;
            }
        }
        return MALFORMED;
    }

    private static int variableBytes(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }
}
