package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** HTTP callbacks. Stateless. */
public final class HttpSinkProvider implements SinkProvider {
    /** Called by the service loader. */
    public HttpSinkProvider() {}

    @Override
    public List<AddressScheme> schemes() {
        return List.of(AddressScheme.HTTP, AddressScheme.HTTPS);
    }

    /** Refuses settings that the relay does not carry out yet. Files are read when a sink is made. */
    @Override
    public @Nullable String check(Destination destination) {
        Destination.Request request = destination.request();
        if (request.reply() != null) {
            return "reply is not supported yet";
        }
        return request.template() != null && request.batch() != null
                ? "has a template and batch: a template makes one request of one message"
                : null;
    }

    @Override
    public RequestPreview preview(Destination destination, RelayMessage message, PreviewContext context) {
        return HttpPreview.of(destination, message, context);
    }

    @Override
    public SinkFactory open(SinkContext context) {
        return new HttpSinks(context.clock(), context.version(), context.egress(), context.executors());
    }
}
