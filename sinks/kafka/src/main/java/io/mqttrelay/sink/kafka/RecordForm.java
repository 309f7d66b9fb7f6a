package io.mqttrelay.sink.kafka;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.format.BodyFormat;
import io.mqttrelay.dispatch.format.Content;
import io.mqttrelay.dispatch.template.MessageShape;
import io.mqttrelay.dispatch.template.Shaped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of one address. The headers are those of the relay's own records and the address's; a format that
 * makes a body of its own adds its content type. Immutable.
 *
 * @param topic of the target
 * @param format of one message
 * @param shape of the address's template; null: it has none
 * @param fixed the address's headers
 */
record RecordForm(
        String topic, BodyFormat format, @Nullable MessageShape shape, Map<String, Secret> fixed, RecordCodec codec) {
    private static final String CONTENT_TYPE = "content-type";
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    static RecordForm of(Destination destination) {
        Template template = destination.request().template();
        return new RecordForm(
                destination.address().topic(),
                BodyFormat.of(destination.withoutBatch()),
                template == null
                        ? null
                        : MessageShape.of(template, destination.owner().appName()),
                destination.request().headers(),
                new RecordCodec());
    }

    /** Why an address's topic is none of Kafka, one line; null: it is one. */
    static @Nullable String topicProblem(Destination destination) {
        String topic = destination.address().topic();
        boolean legal = TOPIC.matcher(topic).matches() && !topic.equals(".") && !topic.equals("..");
        return legal ? null : "must end in a Kafka topic: 1 to 249 letters, digits, '.', '_' and '-'";
    }

    /** The message in the shape of the template; null: there is no template. */
    @Nullable
    Shaped shaped(RelayMessage message) {
        return shape == null ? null : shape.shape(message);
    }

    /** @param parts of the template; null: there is none */
    ProducerRecord<byte[], byte[]> record(RelayMessage message, Shaped.@Nullable Parts parts) {
        Content content = parts == null ? format.content(List.of(message)) : parts.content();
        String key = parts == null || parts.key() == null ? message.topic() : parts.key();
        Headers headers = codec.encode(message, Ordering.TOPIC, topic).headers();
        if (content.bytes() != message.payload()) {
            headers.add(CONTENT_TYPE, utf8(content.type()));
        }
        fixed.forEach((name, value) -> headers.add(name, utf8(value.reveal())));
        return new ProducerRecord<>(topic, null, utf8(key), content.bytes(), headers);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
