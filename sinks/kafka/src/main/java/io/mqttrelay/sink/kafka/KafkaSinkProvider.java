package io.mqttrelay.sink.kafka;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkProvider;
import io.mqttrelay.dispatch.template.Shaped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Topics of the Kafka clusters of {@code targets.kafka}: addresses {@code kafka://NAME/TOPIC}. Stateless. */
public final class KafkaSinkProvider implements SinkProvider {
    private static final AddressScheme SCHEME = new AddressScheme(
            "kafka",
            null,
            Set.of(
                    AddressScheme.HEADERS,
                    AddressScheme.MESSAGE_FORMAT,
                    AddressScheme.TEMPLATE,
                    AddressScheme.TEMPLATE_KEY,
                    AddressScheme.BATCH));

    /** Called by the service loader. */
    public KafkaSinkProvider() {}

    @Override
    public List<AddressScheme> schemes() {
        return List.of(SCHEME);
    }

    @Override
    public @Nullable String check(Destination destination) {
        if (destination.request().format() == MessageFormat.CLOUDEVENTS) {
            return "message_format cloudevents is for HTTP, use cloudevents-structured";
        }
        return RecordForm.topicProblem(destination);
    }

    @Override
    public RequestPreview preview(Destination destination, RelayMessage message, PreviewContext context) {
        RecordForm form = RecordForm.of(destination);
        Shaped shaped = form.shaped(message);
        if (shaped instanceof Shaped.Unshaped failed) {
            return new RequestPreview("NOTHING", failed.error(), List.of(), new byte[0]);
        }
        ProducerRecord<byte[], byte[]> record = form.record(message, (Shaped.Parts) shaped);
        List<String> headers = new ArrayList<>();
        headers.add("key: " + text(record.key()));
        for (Header header : record.headers()) {
            boolean isSecret = form.fixed().containsKey(header.key());
            headers.add(header.key() + ": " + (isSecret ? "***" : text(header.value())));
        }
        return new RequestPreview("PRODUCE", destination.display(), headers, record.value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public SinkFactory open(SinkContext context) {
        return new KafkaSinks(context.egress(), context.executors(), System::nanoTime);
    }
}
