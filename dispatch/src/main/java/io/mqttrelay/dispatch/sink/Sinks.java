package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.config.destination.Destination;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the sinks of one process. Opens a provider when it gets the first of its addresses. Any thread. */
public final class Sinks implements AutoCloseable {
    private final SinkProviders providers;
    private final SinkContext context;
    private final Map<SinkProvider, SinkFactory> open = new LinkedHashMap<>(); // guarded by this

    public Sinks(SinkProviders providers, SinkContext context) {
        this.providers = providers;
        this.context = context;
    }

    /**
     * Makes the sink of one destination.
     *
     * @throws UnusableAddressException if the address cannot be called as configured
     */
    public synchronized Sink sink(Destination destination) {
        return open.computeIfAbsent(providers.of(destination), provider -> provider.open(context))
                .sink(destination);
    }

    /** Ends the calls in flight and closes all connections. */
    @Override
    public synchronized void close() {
        open.values().forEach(SinkFactory::close);
    }
}
