package io.mqttrelay.ingest.mqtt.wire;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;

/**
 * Sends the acknowledgements of one turn of an event loop with one system call. The MQTT client flushes each of them by
 * itself, and has no setting for that, nor does it let others into its pipeline; Netty does, by way of the
 * {@link java.util.ServiceLoader} and a system property.
 */
public final class GatheredFlushes extends ChannelInitializerExtension {
    /** A turn that acknowledges more is sent in parts. */
    private static final int ACKNOWLEDGEMENTS = 256;

    /** For the connections that this process makes from now on. Netty looks once, at the first. */
    static void enable() {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }

    @Override
    public void postInitializeClientChannel(Channel channel) {
        channel.pipeline().addFirst(new FlushConsolidationHandler(ACKNOWLEDGEMENTS, true), new WireHandler());
    }
}
