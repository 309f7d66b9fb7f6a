package io.mqttrelay.sink.mqtt;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.record.RelayHop;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkProvider;
import io.mqttrelay.dispatch.template.Shaped;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Topics of the MQTT brokers of {@code targets.mqtt}: addresses {@code mqtt://NAME/TOPIC}. Stateless. */
public final class MqttSinkProvider implements SinkProvider {
    private static final AddressScheme SCHEME = new AddressScheme(
            "mqtt",
            null,
            Set.of(
                    AddressScheme.MESSAGE_FORMAT,
                    AddressScheme.TEMPLATE,
                    AddressScheme.TEMPLATE_TOPIC,
                    AddressScheme.TEMPLATE_RETAIN,
                    AddressScheme.BATCH));

    /** Kafka is not asked for a preview. */
    private static final RelayHop UNKNOWN_HOP = new RelayHop("<cluster id>/<topic_prefix>");

    /** Called by the service loader. */
    public MqttSinkProvider() {}

    @Override
    public List<AddressScheme> schemes() {
        return List.of(SCHEME);
    }

    @Override
    public @Nullable String check(Destination destination) {
        if (destination.request().format() == MessageFormat.CLOUDEVENTS) {
            return "message_format cloudevents is for HTTP, use cloudevents-structured";
        }
        return OutgoingPublish.topicProblem(destination.address().topic());
    }

    @Override
    public RequestPreview preview(Destination destination, RelayMessage message, PreviewContext context) {
        PublishForm form = PublishForm.of(destination, context.clock());
        Shaped shaped = form.shaped(message);
        if (shaped instanceof Shaped.Unshaped failed) {
            return new RequestPreview("NOTHING", failed.error(), List.of(), new byte[0]);
        }
        OutgoingPublish publish = form.publish(message, (Shaped.Parts) shaped, UNKNOWN_HOP);
        List<String> shown = new ArrayList<>();
        add(shown, "topic", publish.topic());
        add(shown, "qos", 1);
        add(shown, "retain", publish.retain());
        add(shown, "content type", publish.contentType());
        add(shown, "message expiry interval", publish.expirySeconds());
        add(shown, "response topic", publish.responseTopic());
        byte[] correlation = publish.correlationData();
        add(
                shown,
                "correlation data (base64)",
                correlation == null ? null : Base64.getEncoder().encodeToString(correlation));
        for (UserProperty property : publish.userProperties()) {
            add(shown, "user property", property.name() + "=" + property.value());
        }
        return new RequestPreview("PUBLISH", destination.display(), shown, publish.payload());
    }

    private static void add(List<String> shown, String name, @Nullable Object value) {
        if (value != null) {
            shown.add(name + ": " + value);
        }
    }

    @Override
    public SinkFactory open(SinkContext context) {
        return new MqttSinks(context, System::nanoTime);
    }
}
