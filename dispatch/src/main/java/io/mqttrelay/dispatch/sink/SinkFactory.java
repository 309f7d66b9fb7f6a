package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.config.destination.Destination;

/**
 * Makes the sinks of one provider in one process, and owns the resources that they share. Sinks may be made on any
 * thread, at any time until {@link #close}.
 *
 * <p>A sink is not closed by itself: an address that leaves the configuration is not called again, and its last call may
 * still run. Resources of one address are released when they have been idle for a while, or when no sink refers to them.
 */
public interface SinkFactory extends AutoCloseable {
    /**
     * Makes the sink of one destination. Connects to nothing yet.
     *
     * @throws UnusableAddressException if the address cannot be called as configured: the process does not start, or a
     *     reload changes nothing
     */
    Sink sink(Destination destination);

    /** Ends the calls in flight and closes all connections. */
    @Override
    void close();
}
