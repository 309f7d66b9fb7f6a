package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.ingest.mqtt.wire.ConnectionFailure;
import io.mqttrelay.ingest.mqtt.wire.Link;
import io.mqttrelay.ingest.mqtt.wire.Publish;
import io.mqttrelay.ingest.mqtt.wire.ReadLimit;
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
    /** The owner of the connection: {@link MqttSource}. */
    interface Owner {
        void connected(Connection connection, Link.Connected connack);

        /** A message could not be taken: only another connection brings it again. */
        void cannotTake(Connection connection);

        /** {@code closed}: no acknowledgement can leave on it any more. */
        void ended(Connection connection, Link.Ending how, boolean closed);

        /** The connection has ended, and the last of its messages is settled. */
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
    /** A message has been let in and is not yet with the intake: {@link #quiesce} waits for it. Of the event loop. */
    private volatile boolean entering;

    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    /** The broker still has a message that it sent. */
    private volatile boolean refused;

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

    /** Whether packets are taken from the socket. */
    boolean isRead() {
        Link open = link;
        return open == null || open.isReading();
    }

    /** How often reading was stopped on it. */
    int stops() {
        Link open = link;
        return open == null ? 0 : open.stops();
    }

    /** Whether this is news on this connection. */
    boolean tellOnce(String text) {
        return told.add(text);
    }

    /** False: for good. */
    boolean isTaking() {
        return taking;
    }

    /**
     * Takes no more messages; those received before can still be acknowledged. The answer is complete when the intake has
     * the last message, which the event loop may just be handing over.
     */
    CompletableFuture<Void> quiesce() {
        stopTaking();
        return quiet;
    }

    private void stopTaking() {
        taking = false;
        quietIfNoneEnters();
    }

    private void quietIfNoneEnters() {
        // each side writes its own flag before it reads the other's, so one of the two sees both
        if (!taking && !entering) {
            quiet.complete(null);
        }
    }

    /** Whether the connection brings no more messages and each of its messages is settled. */
    boolean isDrained() {
        return quiet.isDone() && lifetime.isIdle();
    }

    /** Takes nothing more and, if it stands, says DISCONNECT. */
    void hangUp() {
        stopTaking();
        if (wasConnected()) {
            var unused = disconnect();
        }
    }

    CompletableFuture<Void> disconnect() {
        return link == null ? CompletableFuture.completedFuture(null) : link.disconnect();
    }

    /** As {@link #disconnect}, and the broker forgets the session, unless it sent a message that was not taken. */
    CompletableFuture<Void> endSession() {
        return link == null || refused ? disconnect() : link.endSession();
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

    /** Ends the connection and releases its resources. */
    void end(boolean closed) {
        stopTaking();
        lifetime.end(closed);
        if (link != null) {
            link.ended();
        }
    }

    @Override
    @CalledOn("ingest-mqtt-n")
    public void published(Publish publish, Runnable acknowledge) {
        entering = true;
        try {
            if (taking) {
                take(publish, acknowledge);
            } else if (publish.qos() == 0) {
                intake.missed(publish);
            } else {
                refused = true; // not acknowledged: the broker keeps it
            }
        } finally {
            entering = false;
            quietIfNoneEnters();
        }
    }

    private void take(Publish publish, Runnable acknowledge) {
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
    public void arriving() {
        silence.arriving(control.nanoTime());
    }

    /** QoS 0 is taken to the end, because the intake counts each message that it misses. */
    @Override
    @CalledOn("ingest-mqtt-n")
    public boolean takes(int qos) {
        if (qos == 0 || taking) {
            return true;
        }
        refused = true;
        return false;
    }

    @Override
    public ReadLimit readLimit() {
        return intake.readLimit();
    }

    @Override
    @CalledOn("ingest-mqtt-n")
    public void ended(Link.Ending ending) {
        control.execute(() -> owner.ended(this, ending, true));
    }
}
