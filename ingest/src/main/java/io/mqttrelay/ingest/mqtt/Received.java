package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.ingest.mqtt.wire.Publish;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A message and the duty to settle it. Exactly one acknowledgement leaves for it, even if it is settled several times
 * or by several threads. Its connection is not replaced by another one until it is settled.
 */
public final class Received {
    private static final Logger LOG = LogManager.getLogger(Received.class);

    private final Publish publish;
    private final Lifetime connection;
    private final AckOrder.@Nullable Place place;
    private final AtomicReference<@Nullable Runnable> acknowledgement;

    Received(Publish publish, Lifetime connection, Runnable acknowledgement) {
        this.publish = publish;
        this.connection = connection;
        this.acknowledgement = new AtomicReference<>(acknowledgement);
        this.place = connection.taken(publish.qos());
    }

    /** The received packet. */
    public Publish publish() {
        return publish;
    }

    /** Whether the broker would deliver it again if it were never acknowledged. */
    public boolean mayBeReleased() {
        return publish.qos() > 0 && connection.sessionKept();
    }

    /** Whether the broker will deliver it again: its connection has ended without the acknowledgement. */
    public boolean comesAgain() {
        return connection.ended() && mayBeReleased();
    }

    /** Acknowledges the message: it is stored, and the broker may forget it. Never blocks. */
    public void acknowledge() {
        settle(true, Received::noted);
    }

    /**
     * As {@link #acknowledge()}.
     *
     * @param forgotten runs once, on any thread: the MQTT client holds the payload no longer. Acknowledgements leave in
     *     the order of arrival, so every message before this one on its connection is settled, too
     */
    public void acknowledge(Runnable forgotten) {
        settle(true, forgotten);
    }

    /** Settles the message without an acknowledgement: it was not stored, and the broker must keep it. */
    public void release() {
        release(Received::noted);
    }

    /**
     * As {@link #release()}.
     *
     * @param forgotten as for {@link #acknowledge(Runnable)}
     */
    public void release(Runnable forgotten) {
        // the client forgets the message only when told, and on a closed connection nothing leaves
        settle(connection.closed(), forgotten);
    }

    private static void noted() {
        // memory is not counted
    }

    private void settle(boolean acknowledge, Runnable forgotten) {
        Runnable open = acknowledgement.getAndSet(null);
        if (open == null) {
            return;
        }
        try {
            if (acknowledge) {
                open.run();
            }
        } catch (RuntimeException e) {
            LOG.debug("an acknowledgement came too late for its connection", e);
        } finally {
            connection.settled();
            if (place == null) {
                forgotten.run(); // QoS 0: the client has kept nothing
            } else {
                place.settled(forgotten);
            }
        }
    }
}
