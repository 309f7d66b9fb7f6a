package io.mqttrelay.ingest.mqtt;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A message and the duty to settle it: exactly one acknowledgement leaves for it, however often and from whatever thread
 * it is settled. As long as it is not, its connection is not replaced by another one.
 */
public final class Received {
    private static final Logger LOG = LogManager.getLogger(Received.class);

    private final Publish publish;
    private final Lifetime connection;
    private final AtomicReference<@Nullable Runnable> acknowledgement;

    Received(Publish publish, Lifetime connection, Runnable acknowledgement) {
        this.publish = publish;
        this.connection = connection;
        this.acknowledgement = new AtomicReference<>(acknowledgement);
        connection.taken();
    }

    /** What arrived. */
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

    /** It is in good hands: the broker may forget it. Never blocks. */
    public void acknowledge() {
        settle(true);
    }

    /** It was not stored: the broker must not forget it, so it hears nothing. */
    public void release() {
        // the client forgets the message only when told, and on a closed connection nothing leaves
        settle(connection.closed());
    }

    private void settle(boolean acknowledge) {
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
        }
    }
}
