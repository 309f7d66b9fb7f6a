package io.mqttrelay.ingest.mqtt.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Hands whole MQTT packets to the client's decoder: the decoder never holds half of one, and gets no PUBLISH that it would
 * refuse. A message whose packet identifier is in use waits ({@link PacketIds}). On the event loop.
 */
final class WholePackets extends ByteToMessageDecoder {
    private static final int PUBLISH = 3;
    private static final int MAX_LENGTH_BYTES = 4;

    private final PublishRules rules;
    private final UnreadablePackets unreadable;
    private final Runnable arriving;
    private final Wire wire;
    private final PacketIds ids;

    /** Whether a message waits, with all packets behind it, because its identifier is in use. */
    private boolean waits;

    /** Of the packet that is looked at: where its fixed header ends, and where it ends itself. */
    private int start;

    private int end;

    /** @param arriving called before messages are passed on */
    WholePackets(boolean mqtt5, UnreadablePackets unreadable, Runnable arriving, Wire wire, PacketIds ids) {
        this.arriving = arriving;
        this.wire = wire;
        this.ids = ids;
        this.rules = new PublishRules(mqtt5);
        this.unreadable = unreadable;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int passed = in.readerIndex();
        boolean publishes = false;
        while (!waits && isWhole(in, passed)) {
            int first = in.getUnsignedByte(passed);
            boolean isPublish = first >> 4 == PUBLISH;
            if (isPublish && mustWait(ctx, in, first)) {
                break;
            }
            publishes |= isPublish;
            String why = isPublish ? rules.broken(in, first, start, end) : null;
            if (why != null) {
                pass(in, passed, out);
                out.add(unreadable.readable(ctx, in, first, start, end, why));
                in.readerIndex(end);
            }
            passed = end;
        }
        pass(in, passed, out);
        if (publishes) {
            arriving.run();
        }
    }

    private boolean mustWait(ChannelHandlerContext ctx, ByteBuf in, int first) {
        int id = PublishRules.qos(first) == 1 ? PublishRules.identifier(in, start, end) : 0;
        if (id == 0 || ids.take(id)) {
            return false;
        }
        waits = true;
        wire.hold(Wire.Wait.IDENTIFIER);
        ids.whenFree(id, () -> goOn(ctx));
        return true;
    }

    private void goOn(ChannelHandlerContext ctx) {
        if (ctx.isRemoved()) {
            return;
        }
        waits = false;
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
            return;
        }
        ctx.fireChannelReadComplete();
        if (!waits) {
            wire.goOn(Wire.Wait.IDENTIFIER);
        }
    }

    private static void pass(ByteBuf in, int to, List<Object> out) {
        if (to > in.readerIndex()) {
            out.add(in.readRetainedSlice(to - in.readerIndex()));
        }
    }

    /**
     * Measures the packet at {@code at}. A packet without a valid length has no end: the client's decoder refuses it.
     */
    private boolean isWhole(ByteBuf in, int at) {
        int written = in.writerIndex();
        int length = 0;
        for (int i = 0; i < MAX_LENGTH_BYTES; i++) {
            if (written - at < i + 2) {
                return false;
            }
            byte next = in.getByte(at + 1 + i);
            length |= (next & 0x7F) << (7 * i);
            if (next >= 0) {
                start = at + i + 2;
                end = start + length;
                return end <= written;
            }
        }
        start = written;
        end = written;
        return true;
    }
}
