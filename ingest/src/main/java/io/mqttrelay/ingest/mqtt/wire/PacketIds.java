package io.mqttrelay.ingest.mqtt.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The packet identifiers of the QoS 1 messages of one connection that are not acknowledged yet. Mosquitto 2.0.11
 * numbers messages without a check of those in flight, so that in a burst it may use an identifier again. The MQTT client
 * would end the connection. Instead, the second message waits until the first is acknowledged.
 *
 * <p>A reused identifier of QoS 2 is left to the client: a wait for PUBREL, which is behind the message, would not end.
 * On the event loop.
 */
final class PacketIds extends ChannelOutboundHandlerAdapter {
    private static final int PUBACK = 4;
    private static final int NONE = -1;

    private final BitSet open = new BitSet();
    private int awaited = NONE;
    private @Nullable Runnable retry;

    /** Marks the identifier as in use; false: another message has it. */
    boolean take(int id) {
        if (open.get(id)) {
            return false;
        }
        open.set(id);
        return true;
    }

    /** Calls {@code action} once, on the event loop, when the identifier is free. One identifier is awaited at a time. */
    void whenFree(int id, Runnable action) {
        awaited = id;
        retry = action;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object packet, ChannelPromise promise) {
        int id = packet instanceof ByteBuf bytes && isAcknowledgement(bytes) ? identifier(bytes) : NONE;
        var unused = ctx.write(packet, promise);
        if (id != NONE) {
            acknowledged(ctx, id);
        }
    }

    private static boolean isAcknowledgement(ByteBuf packet) {
        return packet.isReadable() && packet.getUnsignedByte(packet.readerIndex()) >> 4 == PUBACK;
    }

    private static int identifier(ByteBuf packet) {
        int at = packet.readerIndex() + 1;
        while (packet.getByte(at) < 0) {
            at++; // a further byte of the length
        }
        return packet.getUnsignedShort(at + 1);
    }

    private void acknowledged(ChannelHandlerContext ctx, int id) {
        open.clear(id);
        Runnable action = retry;
        if (id == awaited && action != null) {
            awaited = NONE;
            retry = null;
            ctx.executor().execute(action); // this may be within the reading of a packet
        }
    }
}
