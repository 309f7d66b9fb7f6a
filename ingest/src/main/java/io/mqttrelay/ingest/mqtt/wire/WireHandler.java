package io.mqttrelay.ingest.mqtt.wire;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The handler next to the socket of each connection that the MQTT client makes. It tells the {@link Wire} its channel, and
 * puts {@link PublishGate}, {@link WholePackets}, {@link PacketIds} and {@link PingAnswers} in front of the client's MQTT decoder, behind TLS and WebSocket.
 */
final class WireHandler extends ChannelDuplexHandler {
    /** Of the client's own handlers: the one next to the bytes of MQTT. */
    static final String ENCODER = "encoder";

    private @Nullable Wire wire;
    private boolean inFrontOfMqtt;

    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
        if (local instanceof Wire.LocalAddress address) {
            wire = address.wire();
            wire.attach(ctx.channel());
            var unused = address.remote()
                    .whenComplete((found, failure) -> ctx.executor().execute(() -> {
                        if (failure == null) {
                            var unusedConnect = ctx.connect(found, promise);
                        } else {
                            promise.tryFailure(failure);
                        }
                    }));
        } else {
            var unused = ctx.connect(remote, local, promise);
            ctx.pipeline().remove(this); // of no Link
        }
    }

    /** Before CONNECT leaves, the client has added its MQTT handlers; before that, no MQTT packet arrives. */
    @Override
    public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
        Wire known = wire;
        if (!inFrontOfMqtt && known != null && ctx.pipeline().get(ENCODER) != null) {
            inFrontOfMqtt = true;
            ctx.pipeline().addBefore(ENCODER, null, known.gate());
            ctx.pipeline().addBefore(ENCODER, null, known.wholePackets());
            ctx.pipeline().addBefore(ENCODER, null, known.ids());
            ctx.pipeline().addBefore(ENCODER, null, new PingAnswers(known));
        }
        var unused = ctx.write(bytes, promise);
    }

    /** TLS, WebSocket and MQTT ask for more bytes when they have half of something: not while reading is stopped. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        Wire known = wire;
        if (known == null || known.isReading() || !inFrontOfMqtt) {
            ctx.read();
        }
    }
}
