package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;

/**
 * Makes the sinks of one provider in one process, and owns the resources that they share. Sinks may be made on any
 * thread, at any time until {@link #close}.
 *
 * <p>A sink is not closed by itself: an address that leaves the configuration is not called again, and its last call may
 * still run. Resources of one address are released when they have been idle for a while, or when no sink refers to them.
 */
public interface SinkFactory extends AutoCloseable {
    /**
     * Makes the sink of one address of a route. Connects to nothing yet.
     *
     * @throws UnusableAddressException if the address cannot be called as configured: the process does not start, or a
     *     reload changes nothing
     */
    Sink sink(Route route, Address address);

    /** Ends the calls in flight and closes all connections. */
    @Override
    void close();
}
