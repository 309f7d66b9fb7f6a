package io.mqttrelay.ingest.mqtt.wire;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Keeps a connection alive whose socket is not read: PINGRESP then lies unread behind messages, and the client would
 * close the connection. So the client's PINGREQ is answered here; it still goes to the broker, which is told that the
 * client lives.
 */
final class PingAnswers extends ChannelOutboundHandlerAdapter {
    private static final int TYPE = 0xF0;
    private static final int PINGREQ = 0xC0;
    /** Shorter than the shortest keep-alive. */
    private static final int ANSWER_MILLIS = 500;

    private static final byte[] PINGRESP = {(byte) 0xD0, 0};

    private final Wire wire;

    PingAnswers(Wire wire) {
        this.wire = wire;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object packet, ChannelPromise promise) {
        int type =
                packet instanceof ByteBuf bytes && bytes.isReadable() ? bytes.getByte(bytes.readerIndex()) & TYPE : 0;
        var unused = ctx.write(packet, promise);
        if (type == PINGREQ) {
            pinged(ctx);
        }
    }

    private void pinged(ChannelHandlerContext ctx) {
        if (!wire.isReading()) {
            ctx.executor().execute(() -> answer(ctx));
            return;
        }
        int stops = wire.stops(); // reading may stop before the broker's answer is read
        var unused = ctx.executor().schedule(() -> answerIfStopped(ctx, stops), ANSWER_MILLIS, MILLISECONDS);
    }

    private void answerIfStopped(ChannelHandlerContext ctx, int stops) {
        if (wire.stops() != stops) {
            answer(ctx);
        }
    }

    private static void answer(ChannelHandlerContext ctx) {
        if (!ctx.isRemoved()) {
            ctx.fireChannelRead(Unpooled.wrappedBuffer(PINGRESP));
            ctx.fireChannelReadComplete();
        }
    }
}
