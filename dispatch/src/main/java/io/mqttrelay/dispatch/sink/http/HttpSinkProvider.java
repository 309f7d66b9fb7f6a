package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.AddressScheme;
import io.mqttrelay.common.config.Route;
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

    /** Null: the configuration checks all settings of callbacks, and files are read when a sink is made. */
    @Override
    public @Nullable String check(Address address) {
        return null;
    }

    @Override
    public RequestPreview preview(Route route, Address address, RelayMessage message, PreviewContext context) {
        return HttpPreview.of(route, address, message, context);
    }

    @Override
    public SinkFactory open(SinkContext context) {
        return new HttpSinks(context.clock(), context.version(), context.egress(), context.executors());
    }
}
