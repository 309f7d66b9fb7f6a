package io.mqttrelay.sink.mqtt;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.record.RelayHop;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.dispatch.format.BodyFormat;
import io.mqttrelay.dispatch.format.Content;
import io.mqttrelay.dispatch.template.MessageShape;
import io.mqttrelay.dispatch.template.Shaped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the PUBLISH packets of one address. The MQTT 5 properties are the message's own; the content type is, where a
 * format makes a body of its own, that of the body. Immutable.
 *
 * @param topic of the address
 * @param format of one message
 * @param shape of the address's template; null: it has none
 * @param clock for what is left until a message expires
 */
record PublishForm(
        String topic, BodyFormat format, @Nullable MessageShape shape, Clock clock) {
    private static final long SECOND = 1000;
    private static final long LONGEST_EXPIRY = 0xFFFF_FFFFL;

    static PublishForm of(Destination destination, Clock clock) {
        Template template = destination.request().template();
        return new PublishForm(
                destination.address().topic(),
                BodyFormat.of(destination.withoutBatch()),
                template == null
                        ? null
                        : MessageShape.of(template, destination.owner().appName()),
                clock);
    }

    /** The message in the shape of the template; null: there is no template. */
    @Nullable
    Shaped shaped(RelayMessage message) {
        return shape == null ? null : shape.shape(message);
    }

    /**
     * Makes the packet.
     *
     * @param parts of the template; null: there is none
     * @param hop the mark of this relay
     */
    OutgoingPublish publish(RelayMessage message, Shaped.@Nullable Parts parts, RelayHop hop) {
        Content content = parts == null ? format.content(List.of(message)) : parts.content();
        boolean isPayload = content.bytes() == message.payload();
        List<UserProperty> properties = new ArrayList<>(message.userProperties());
        properties.add(hop.property());
        return new OutgoingPublish(
                parts == null || parts.topic() == null ? topic : parts.topic(),
                parts != null && Boolean.TRUE.equals(parts.retain()),
                left(message),
                isPayload ? message.contentType() : content.type(),
                message.responseTopic(),
                message.correlationData(),
                properties,
                content.bytes());
    }

    /** Rounded up: a message that has not expired here must not expire on its way to the next broker. */
    private @Nullable Long left(RelayMessage message) {
        Long expiresAt = message.expiresAt();
        if (expiresAt == null) {
            return null;
        }
        long seconds = Math.floorDiv(expiresAt - clock.millis() + SECOND - 1, SECOND);
        return Math.min(LONGEST_EXPIRY, Math.max(1, seconds));
    }
}
