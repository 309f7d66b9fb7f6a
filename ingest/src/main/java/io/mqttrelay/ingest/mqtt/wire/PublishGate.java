package io.mqttrelay.ingest.mqtt.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Lets the packets of one connection pass as far as there is memory for them. It reads fixed headers only, in front of the
 * MQTT decoder and before a packet's bytes take memory:
 *
 * <ul>
 *   <li>a PUBLISH that the connection does not take ({@link Link.Events#takes}) is thrown away as it streams by;
 *   <li>a PUBLISH of QoS 1 or 2 without room stays where it is: the socket is not read until there is room;
 *   <li>a PUBLISH of QoS 0 without room is thrown away as it streams by;
 *   <li>a PUBLISH larger than {@link ReadLimit#maxMessage} becomes a small one ({@link OversizeCut});
 *   <li>a PUBLISH that comes in many parts is put together in one buffer of its size.
 * </ul>
 *
 * <p>The memory that it reserves is that of packets between socket and decoder; the intake of the route counts a message
 * from then on. After DISCONNECT everything is read and thrown away. Belongs to the event loop of its connection.
 */
final class PublishGate extends ChannelDuplexHandler {
    private static final int PUBLISH = 3;
    private static final int DISCONNECT = 14;
    private static final int CONTINUES = 0x80;
    private static final int MAX_LENGTH_BYTES = 4;
    /** Approximate memory of a message besides its bytes. */
    private static final int OVERHEAD = 256;

    /** A packet in parts is put together from this size on; a smaller one the decoder puts together itself. */
    private static final int PUT_TOGETHER = 64 * 1024;

    private enum Mode {
        HEADER,
        PASSING,
        SKIPPING,
        COLLECTING,
        CUTTING
    }

    private final Wire wire;
    private final Link.Events events;
    private final ReadLimit readLimit;
    private final boolean mqtt5;

    /** Read from the socket and not looked at yet. */
    private final Deque<ByteBuf> held = new ArrayDeque<>();

    private Mode mode = Mode.HEADER;
    /** Bytes of the packet that are still to come. */
    private long left;

    private @Nullable ByteBuf whole;
    private @Nullable OversizeCut cut;

    /** Memory of the packet that is being read, and its QoS. */
    private long open;

    private int openQos;

    /** Memory of packets that have been read and not yet passed on: QoS 0, and the others. */
    private long readQos0;

    private long read;

    private @Nullable Runnable waiting;
    private boolean ended;

    PublishGate(Wire wire, Link.Events events, boolean mqtt5) {
        this.wire = wire;
        this.events = events;
        this.readLimit = events.readLimit();
        this.mqtt5 = mqtt5;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof ByteBuf in) {
            held.add(in);
            readHeld(ctx);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void readHeld(ChannelHandlerContext ctx) {
        while (waiting == null && !held.isEmpty()) {
            ByteBuf in = held.remove();
            read(ctx, in);
            if (ended || !in.isReadable()) {
                in.release();
            } else if (waiting != null || held.isEmpty()) {
                held.addFirst(in);
                return;
            } else { // the fixed header is in two parts
                held.addFirst(Unpooled.wrappedBuffer(in, held.remove()));
            }
        }
    }

    /** Reads on until the end, or a packet that has to wait, or half of a fixed header. */
    private void read(ChannelHandlerContext ctx, ByteBuf in) {
        int from = in.readerIndex();
        int at = from;
        while (!ended && in.isReadable() && (mode != Mode.HEADER || begin(ctx, in))) {
            if (mode == Mode.PASSING) {
                advance(in);
                endIfComplete();
            } else {
                pass(ctx, in, from, at);
                readApart(ctx, in);
                from = in.readerIndex();
            }
            at = in.readerIndex();
        }
        pass(ctx, in, from, at);
    }

    private int advance(ByteBuf in) {
        int part = (int) Math.min(left, in.readableBytes());
        in.skipBytes(part);
        left -= part;
        return part;
    }

    private boolean endIfComplete() {
        if (left > 0) {
            return false;
        }
        mode = Mode.HEADER;
        if (openQos == 0) {
            readQos0 += open;
        } else {
            read += open;
        }
        open = 0;
        return true;
    }

    private void pass(ChannelHandlerContext ctx, ByteBuf in, int from, int to) {
        if (to > from && !ended) {
            fire(ctx, in.retainedSlice(from, to - from));
        }
    }

    private void fire(ChannelHandlerContext ctx, ByteBuf packets) {
        long qos0 = readQos0;
        long others = read;
        readQos0 = 0;
        read = 0;
        ctx.fireChannelRead(packets);
        settle(0, qos0);
        settle(1, others);
    }

    private void settle(int qos, long bytes) {
        if (bytes > 0) {
            readLimit.settled(qos, bytes);
        }
    }

    private void readApart(ChannelHandlerContext ctx, ByteBuf in) {
        OversizeCut cutting = cut;
        ByteBuf collecting = whole;
        if (cutting != null) {
            long before = in.readableBytes();
            boolean complete = cutting.take(in);
            left -= before - in.readableBytes();
            if (complete && endIfComplete()) {
                cut = null;
                fire(ctx, cutting.packet(ctx.alloc()));
            }
        } else if (collecting != null) {
            int at = in.readerIndex();
            collecting.writeBytes(in, at, advance(in));
            if (endIfComplete()) {
                whole = null;
                fire(ctx, collecting);
            }
        } else {
            advance(in);
            endIfComplete();
        }
    }

    /** Decides about the packet that begins here; false: its fixed header is not complete, or it has to wait. */
    private boolean begin(ChannelHandlerContext ctx, ByteBuf in) {
        int at = in.readerIndex();
        long length = 0;
        int bytes = 0;
        int next;
        do {
            if (bytes == MAX_LENGTH_BYTES) { // malformed: the decoder says so
                left = Long.MAX_VALUE;
                mode = Mode.PASSING;
                return true;
            }
            if (in.readableBytes() < 2 + bytes) {
                return false;
            }
            next = in.getUnsignedByte(at + 1 + bytes);
            length |= (next & 0x7FL) << (7 * bytes);
            bytes++;
        } while ((next & CONTINUES) != 0);
        int first = in.getUnsignedByte(at);
        left = 1 + bytes + length;
        if (first >> 4 == PUBLISH) {
            return beginPublish(ctx, in, first, length);
        }
        mode = Mode.PASSING;
        return true;
    }

    private boolean beginPublish(ChannelHandlerContext ctx, ByteBuf in, int first, long length) {
        int qos = (first >> 1) & 3;
        boolean oversize = length > readLimit.maxMessage();
        long memory = OVERHEAD + (oversize ? OversizeCut.MEMORY : length);
        switch (events.takes(qos) ? readLimit.ask(qos, memory) : ReadLimit.Decision.SKIP) {
            case SKIP -> {
                mode = Mode.SKIPPING;
                return true;
            }
            case WAIT -> {
                await(ctx, memory);
                return false;
            }
            case READ -> {
                open = memory;
                openQos = qos;
                mode = Mode.PASSING;
            }
        }
        if (oversize) {
            in.skipBytes((int) (left - length));
            left = length;
            cut = new OversizeCut(first, length, mqtt5, ctx.alloc());
            mode = Mode.CUTTING;
        } else if (left > PUT_TOGETHER && left > in.readableBytes()) {
            whole = ctx.alloc().buffer((int) left);
            mode = Mode.COLLECTING;
        }
        return true;
    }

    private void await(ChannelHandlerContext ctx, long memory) {
        Runnable retry = new Runnable() {
            @Override
            public void run() {
                ctx.executor().execute(() -> goOn(ctx, this));
            }
        };
        waiting = retry;
        wire.hold(Wire.Wait.MEMORY);
        readLimit.whenRoom(memory, retry);
    }

    private void goOn(ChannelHandlerContext ctx, Runnable retry) {
        if (waiting != retry) {
            return;
        }
        waiting = null;
        readHeld(ctx);
        ctx.fireChannelReadComplete();
        if (waiting == null) {
            wire.goOn(Wire.Wait.MEMORY);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf out
                && out.isReadable()
                && out.getUnsignedByte(out.readerIndex()) >> 4 == DISCONNECT) {
            end();
            wire.readToTheEnd(); // else the broker's end of the connection is not seen
        }
        var unused = ctx.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    private void end() {
        ended = true;
        Runnable retry = waiting;
        if (retry != null) {
            waiting = null;
            readLimit.forget(retry);
        }
        held.forEach(ByteBuf::release);
        held.clear();
        if (whole != null) {
            whole.release();
            whole = null;
        }
        if (cut != null) {
            cut.release();
            cut = null;
        }
        settle(openQos, open);
        settle(0, readQos0);
        settle(1, read);
        open = 0;
        readQos0 = 0;
        read = 0;
    }
}
