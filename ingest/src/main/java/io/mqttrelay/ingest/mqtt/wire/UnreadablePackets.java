package io.mqttrelay.ingest.mqtt.wire;

import io.mqttrelay.common.record.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Passes PUBLISH packets that the client's decoder would refuse around the decoder. Such a packet is replaced by a
 * readable one with the same QoS, packet identifier and payload, and with a generated topic; the client acknowledges
 * it as any other. After the client, {@link #restore} adds the readable parts of the original topic and properties,
 * and the reason why others are missing. One instance per connection, on its event loop.
 */
final class UnreadablePackets {
    /** The topics of the readable packets begin with it; no publisher can know it. */
    private static final String MARK = "unreadable-" + UUID.randomUUID() + "/";

    private static final int DUP = 8;
    /** A topic may have 64 KB, and three times as much when each byte of it is replaced. */
    private static final int MAX_TOPIC = 4096;

    private final boolean mqtt5;
    private final Map<String, Publish> restored = new HashMap<>();
    private int count;

    UnreadablePackets(boolean mqtt5) {
        this.mqtt5 = mqtt5;
    }

    /**
     * The readable packet, which the caller releases.
     *
     * @param first as {@link PublishRules#broken}, which has found {@code why}
     */
    ByteBuf readable(ChannelHandlerContext ctx, ByteBuf in, int first, int start, int end, String why) {
        int qos = PublishRules.qos(first);
        int topicEnd = start + 2 + in.getUnsignedShort(start);
        int propertiesAt = topicEnd + (qos == 0 ? 0 : 2);
        Properties properties = mqtt5 ? Properties.of(in, propertiesAt, end) : null;
        int payloadAt = properties == null ? propertiesAt : properties.end();

        String mark = MARK + ++count;
        byte[] topic = mark.getBytes(StandardCharsets.UTF_8);
        int length = 2 + topic.length + (propertiesAt - topicEnd) + (mqtt5 ? 1 : 0) + (end - payloadAt);
        ByteBuf header = ctx.alloc().buffer(8 + topic.length + 3);
        header.writeByte(qos == 0 ? first & ~DUP : first);
        writeVariable(header, length);
        header.writeShort(topic.length).writeBytes(topic);
        header.writeBytes(in, topicEnd, propertiesAt - topicEnd); // the packet identifier
        if (mqtt5) {
            header.writeByte(0); // no properties
        }
        restored.put(mark, readParts(in, first, lossy(in, start + 2, topicEnd - start - 2), properties, why));
        return Unpooled.wrappedBuffer(header, in.retainedSlice(payloadAt, end - payloadAt));
    }

    /** Restores the readable parts of an unreadable packet; any other message is unchanged. */
    Publish restore(Publish publish) {
        if (!publish.topic().startsWith(MARK)) {
            return publish;
        }
        Publish read = restored.remove(publish.topic());
        return read == null
                ? publish
                : new Publish(
                        read.topic(),
                        publish.qos(),
                        publish.retain(),
                        read.contentType(),
                        read.expirySeconds(),
                        read.responseTopic(),
                        read.correlationData(),
                        read.userProperties(),
                        publish.payload(),
                        read.unreadable());
    }

    private static Publish readParts(ByteBuf in, int first, String topic, @Nullable Properties properties, String why) {
        Parts parts = new Parts();
        while (properties != null && properties.next()) {
            if (properties.broken() == null) {
                parts.take(in, properties);
            }
        }
        return new Publish(
                topic,
                PublishRules.qos(first),
                (first & 1) != 0,
                parts.contentType,
                parts.expirySeconds,
                parts.responseTopic,
                parts.correlationData,
                List.copyOf(parts.userProperties),
                Publish.NO_PAYLOAD,
                why);
    }

    private static final class Parts {
        private @Nullable String contentType;
        private @Nullable Long expirySeconds;
        private @Nullable String responseTopic;
        private byte @Nullable [] correlationData;
        private final List<UserProperty> userProperties = new ArrayList<>();

        void take(ByteBuf in, Properties property) {
            int at = property.valueAt();
            switch (property.id()) {
                case PublishRules.CONTENT_TYPE -> contentType = text(in, at);
                case PublishRules.EXPIRY -> expirySeconds = in.getUnsignedInt(at);
                case PublishRules.RESPONSE_TOPIC -> responseTopic = text(in, at);
                case PublishRules.CORRELATION_DATA ->
                    correlationData = ByteBufUtil.getBytes(in, at + 2, in.getUnsignedShort(at));
                case PublishRules.USER_PROPERTY ->
                    userProperties.add(new UserProperty(text(in, at), text(in, at + 2 + in.getUnsignedShort(at))));
                default -> {
                    // not part of a message
                }
            }
        }

        private static String text(ByteBuf in, int at) {
            return in.toString(at + 2, in.getUnsignedShort(at), StandardCharsets.UTF_8);
        }
    }

    /** With U+FFFD in the place of bytes that are no text. */
    private static String lossy(ByteBuf in, int at, int length) {
        return in.toString(at, Math.min(length, MAX_TOPIC), StandardCharsets.UTF_8)
                .replace('\0', '\uFFFD');
    }

    private static void writeVariable(ByteBuf out, int value) {
        int rest = value;
        while (rest > 0x7F) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
