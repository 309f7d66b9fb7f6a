package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.HostPort;
import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** One connection, from the decision to connect to its end. */
@CalledOn("ingest-control")
final class Connection implements Link.Events {
    /** Who decided to connect: {@link MqttSource}. */
    interface Owner {
        void connected(Connection connection, Link.Connected connack);

        /** A message could not be taken: only another connection brings it again. */
        void cannotTake(Connection connection);

        /** {@code closed}: nothing can leave on it any more. */
        void ended(Connection connection, Link.Ending how, boolean closed);

        /** Has ended, and the last of its messages is settled. */
        void drained();
    }

    private static final Logger LOG = LogManager.getLogger(Connection.class);

    private final HostPort address;
    private final Lifetime lifetime;
    private final Control control;
    private final MqttSource.Intake intake;
    private final SilenceWatch silence;
    private final Owner owner;
    private final Set<String> told = new HashSet<>();

    private volatile boolean taking = true;
    private @Nullable Link link;
    private @Nullable Long connectedAt;
    private boolean ready;
    private Link.@Nullable Ending givenUp;

    Connection(
            HostPort address,
            boolean sessionKept,
            Control control,
            MqttSource.Intake intake,
            SilenceWatch silence,
            Owner owner) {
        this.address = address;
        this.lifetime = new Lifetime(sessionKept, () -> control.execute(owner::drained));
        this.control = control;
        this.intake = intake;
        this.silence = silence;
        this.owner = owner;
    }

    void connect(Link.Factory links) {
        try {
            Link opened = links.open(address, this);
            link = opened;
            var unused = opened.connect()
                    .whenComplete((connack, failure) -> control.execute(() -> {
                        if (failure == null) {
                            connectedAt = control.nanoTime();
                            owner.connected(this, connack);
                        } else {
                            cannotConnect(failure);
                        }
                    }));
        } catch (RuntimeException e) {
            cannotConnect(e);
        }
    }

    private void cannotConnect(Throwable failure) {
        owner.ended(this, new Link.Ending(Link.Cause.OTHER, ConnectionFailure.text(failure)), true);
    }

    HostPort address() {
        return address;
    }

    Lifetime lifetime() {
        return lifetime;
    }

    @Nullable
    Link link() {
        return link;
    }

    boolean ended() {
        return lifetime.ended();
    }

    boolean wasConnected() {
        return connectedAt != null;
    }

    /** Since CONNACK; zero before. */
    Duration age() {
        return connectedAt == null ? Duration.ZERO : Duration.ofNanos(control.nanoTime() - connectedAt);
    }

    /** Subscribed: messages may come. */
    void ready() {
        ready = true;
        silence.connected(control.nanoTime());
    }

    boolean isReady() {
        return ready;
    }

    /** Whether this is news on this connection. */
    boolean tellOnce(String text) {
        return told.add(text);
    }

    /** False: for good. */
    boolean isTaking() {
        return taking;
    }

    /** Takes nothing more; what it has brought can still be acknowledged. */
    void quiesce() {
        taking = false;
    }

    /** Takes nothing more and, if it stands, says DISCONNECT. */
    void hangUp() {
        quiesce();
        if (wasConnected()) {
            var unused = disconnect();
        }
    }

    CompletableFuture<Void> disconnect() {
        return link == null ? CompletableFuture.completedFuture(null) : link.disconnect();
    }

    /** Ends it for a reason of ours; false: it was given up before. */
    boolean giveUp(Link.Ending why) {
        if (givenUp != null) {
            return false;
        }
        givenUp = why;
        hangUp();
        return true;
    }

    /** The reason for its end: ours, if it was given up. */
    Link.Ending reason(Link.Ending how) {
        return givenUp == null ? how : givenUp;
    }

    /** It has ended: lets go of what it holds. */
    void end(boolean closed) {
        quiesce();
        lifetime.end(closed);
        if (link != null) {
            link.ended();
        }
    }

    @Override
    @CalledOn("ingest-mqtt-n")
    public void published(Publish publish, Runnable acknowledge) {
        if (!taking) {
            if (publish.qos() == 0) {
                intake.missed(publish);
            }
            return; // not acknowledged: the broker keeps it
        }
        silence.message(control.nanoTime());
        Received received = new Received(publish, lifetime, acknowledge);
        try {
            intake.accept(received);
        } catch (Throwable e) {
            LOG.error("a bug: a message from {} could not be taken; connecting anew to get it again", address, e);
            received.release();
            control.execute(() -> owner.cannotTake(this));
        }
    }

    @Override
    @CalledOn("ingest-mqtt-n")
    public void ended(Link.Ending ending) {
        control.execute(() -> owner.ended(this, ending, true));
    }
}
