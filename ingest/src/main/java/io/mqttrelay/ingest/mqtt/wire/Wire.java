package io.mqttrelay.ingest.mqtt.wire;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connection under one {@link Link}. It stops and starts reading from the socket, which the MQTT client cannot:
 * TCP then holds back the broker, and the MQTT connection stays. Any thread.
 */
final class Wire {
    /** Why reading is stopped. */
    enum Wait {
        /** There is no memory for the next message. */
        MEMORY(1),
        /** The next message has the packet identifier of one that is not acknowledged yet. */
        IDENTIFIER(2);

        private final int bit;

        Wait(int bit) {
            this.bit = bit;
        }
    }

    private final Link.Events events;
    private final boolean mqtt5;
    private final PacketIds ids = new PacketIds();
    private final UnreadablePackets unreadable;
    private final AtomicInteger stops = new AtomicInteger();
    private final AtomicInteger waits = new AtomicInteger();
    private volatile boolean ended;
    private volatile boolean answered;
    private volatile @Nullable Channel channel;

    /** @param events decides which messages are read from it */
    Wire(Link.Events events, boolean mqtt5) {
        this.events = events;
        this.mqtt5 = mqtt5;
        this.unreadable = new UnreadablePackets(mqtt5);
    }

    /** A handler next to the bytes of MQTT. */
    PublishGate gate() {
        return new PublishGate(this, events, mqtt5);
    }

    /** A handler in front of the client's MQTT decoder. */
    WholePackets wholePackets() {
        return new WholePackets(mqtt5, unreadable, events::arriving, this, ids);
    }

    /** A handler behind {@link #wholePackets}, which sees the client's acknowledgements. */
    PacketIds ids() {
        return ids;
    }

    /** Unreadable packets that were passed around the client's decoder. */
    UnreadablePackets unreadable() {
        return unreadable;
    }

    /**
     * The local address that the client is given: it leads {@link WireHandler} to this wire.
     *
     * @param lookup finds the remote address; may answer on any thread
     */
    InetSocketAddress localAddress(Supplier<CompletableFuture<InetSocketAddress>> lookup) {
        return new LocalAddress(this, lookup);
    }

    /** Stops reading. */
    void hold(Wait why) {
        waits.updateAndGet(now -> now | why.bit);
        stops.incrementAndGet();
        apply();
    }

    /** Ends one of the reasons to stop. */
    void goOn(Wait why) {
        waits.updateAndGet(now -> now & ~why.bit);
        apply();
    }

    /** Reads from now on, whatever waits: nothing that arrives is used any more. */
    void readToTheEnd() {
        ended = true;
        apply();
    }

    /** How often reading was stopped. */
    int stops() {
        return stops.get();
    }

    boolean isReading() {
        return ended || waits.get() == 0;
    }

    /** The client has opened the socket. On its event loop. */
    void attach(Channel opened) {
        channel = opened;
        apply();
    }

    /** Whether the broker has accepted CONNECT. */
    boolean isAnswered() {
        return answered;
    }

    /** After CONNACK. */
    void answered() {
        answered = true;
    }

    private void apply() {
        Channel open = channel;
        if (open == null) {
            return;
        }
        if (open.eventLoop().inEventLoop()) {
            open.config().setAutoRead(isReading());
        } else {
            open.eventLoop().execute(() -> open.config().setAutoRead(isReading()));
        }
    }

    /** Never bound: {@link WireHandler} takes it away before the socket is connected. */
    static final class LocalAddress extends InetSocketAddress {
        private static final long serialVersionUID = 1L;

        private final transient Wire wire;
        private final transient Supplier<CompletableFuture<InetSocketAddress>> lookup;

        private LocalAddress(Wire wire, Supplier<CompletableFuture<InetSocketAddress>> lookup) {
            super(0);
            this.wire = wire;
            this.lookup = lookup;
        }

        CompletableFuture<InetSocketAddress> remote() {
            return lookup.get();
        }

        Wire wire() {
            return wire;
        }
    }
}
