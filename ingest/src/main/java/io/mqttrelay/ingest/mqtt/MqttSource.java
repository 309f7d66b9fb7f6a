package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.ingest.mqtt.wire.EventLoops;
import io.mqttrelay.ingest.mqtt.wire.HiveMqLinks;
import io.mqttrelay.ingest.mqtt.wire.Link;
import io.mqttrelay.ingest.mqtt.wire.Publish;
import io.mqttrelay.ingest.mqtt.wire.ReadLimit;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The MQTT connection of one route: always one, or the wait for the next. A connection is never repaired. An ended
 * connection is replaced by a new one with a new client, as soon as all messages of the old one are settled.
 * Otherwise each reconnect while Kafka is away would add another copy of these messages.
 */
@CalledOn("ingest-control")
public final class MqttSource {
    /** The receiver of the messages. */
    public interface Intake {
        /** Which messages are read. */
        default ReadLimit readLimit() {
            return ReadLimit.UNLIMITED;
        }

        /** A message, to be settled once. On the client's event loop: must not block. */
        void accept(Received received);

        /** A QoS 0 message arrived after this source had stopped taking: it is gone. On the client's event loop. */
        void missed(Publish publish);

        /** A connection has ended: its messages that are not in flight to Kafka will be delivered again. */
        void connectionEnded();

        /** Called after a change of filters, when the broker sends only messages of the route's present filters. */
        void othersGone();
    }

    private static final Logger LOG = LogManager.getLogger(MqttSource.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LEAVING_LOOK = Duration.ofMillis(20);

    // for the life of the process
    private final String clientId;
    private final Link.Factory links;
    private final Control control;
    private final Intake intake;
    private final Reconnects reconnects;
    private final Session session;
    private final Subscriber subscriber;
    private final SilenceWatch silence = new SilenceWatch();
    private final Ears ears = new Ears();
    private volatile @Nullable String problem = "not connected yet";
    private volatile boolean connected;
    private volatile boolean subscribed;
    private volatile Route route;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private boolean stopped;
    private boolean sessionMayEnd;

    // for the life of a connection, and the wait for the next
    private @Nullable Connection current;
    private @Nullable Lifetime previous;
    private boolean waited = true;
    private int waits;

    MqttSource(
            Route route,
            String clientId,
            Link.Factory links,
            Control control,
            Intake intake,
            Clock clock,
            RandomGenerator random) {
        this.route = route;
        this.clientId = clientId;
        this.links = links;
        this.control = control;
        this.intake = intake;
        this.reconnects = new Reconnects(route.name(), clientId, random);
        this.session = new Session(route, clock);
        this.subscriber = new Subscriber(route, session, control, random, ears);
    }

    /** The source of an enabled route, over the HiveMQ client. {@code clientId} is as {@link ClientIds} says. */
    public static MqttSource of(
            Route route,
            String clientId,
            EventLoops loops,
            Control control,
            Intake intake,
            Clock clock,
            RandomGenerator random) {
        Link.Factory links = new HiveMqLinks(route.broker(), clientId, loops);
        return new MqttSource(route, clientId, links, control, intake, clock, random);
    }

    /** The route's name. Any thread. */
    public Route route() {
        return route;
    }

    /** The client id of its connections. Any thread. */
    public String clientId() {
        return clientId;
    }

    /** Why messages do not arrive, one line; null: connected and subscribed. Any thread. */
    public @Nullable String problem() {
        return problem;
    }

    /** Whether the broker has answered CONNECT and the connection stands. Any thread. */
    public boolean connected() {
        return connected;
    }

    /** Whether the broker has granted a filter since the start, be it with a lower QoS. Any thread. */
    public boolean wasSubscribed() {
        return subscribed;
    }

    /** How often the broker had forgotten the session, and with it perhaps messages. Any thread. */
    public long sessionsLost() {
        return session.lost();
    }

    /** How often a broker accepted CONNECT. Any thread. */
    public long connections() {
        return reconnects.connections();
    }

    /** How often a connection ended because another client uses the client id, or seems to. Any thread. */
    public long takenOver() {
        return reconnects.takenOver();
    }

    /** Before it starts: where it remembers its session beyond the end of the process. */
    public void remembers(SessionMemory memory) {
        session.remembers(memory);
    }

    /** Connects, and stays connected from now on. */
    public void start() {
        control.schedule(LOOK, this::look);
        connect();
    }

    /**
     * Takes nothing more, and leaves the connection up for the acknowledgements that are still to come. Done when the intake
     * has the last message.
     */
    public CompletableFuture<Void> quiesce() {
        stopped = true;
        return current == null ? CompletableFuture.completedFuture(null) : current.quiesce();
    }

    /**
     * Before {@link #quiesce} at the end of the process: leaves the shared group, if the route says so. Done when it has
     * left, or cannot within {@code patience}.
     */
    public CompletableFuture<Void> leaveGroup(Duration patience) {
        SharedLeave.tellKept(route);
        if (route.broker().sharedGroup() == null || !route.broker().sharedLeave()) {
            return CompletableFuture.completedFuture(null);
        }
        Connection open = current;
        if (open == null || !open.isReady() || !open.isRead()) {
            SharedLeave.tellNotLeft(route, "not connected, or not taking messages");
            return CompletableFuture.completedFuture(null);
        }
        return SharedLeave.start(route, control, open, silence, patience).thenAccept(done -> sessionMayEnd = done);
    }

    /** After {@link #quiesce}: says DISCONNECT; done when the connection is closed. */
    public CompletableFuture<Void> disconnect() {
        if (current == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (!sessionMayEnd) {
            return current.disconnect();
        }
        session.ended();
        return current.endSession();
    }

    /** Before it starts: the broker's session may have been that of this route. */
    public void takesThePlaceOf(Route before) {
        subscriber.takesThePlaceOf(before);
    }

    /** Applies other filters or message settings; the connection settings are the same. */
    public void change(Route next) {
        route = next;
        subscriber.change(next);
        Connection open = current;
        if (open != null && open.wasConnected() && !stopped) {
            subscriber.complete(open);
        }
    }

    /**
     * Stops to take messages, waits until the messages received so far are stored and acknowledged, and disconnects;
     * the broker keeps the session. Completes when all messages are settled.
     */
    public CompletableFuture<Void> retire(Duration patience) {
        var unused = quiesce(); // leave looks whether it is drained
        leave(control.nanoTime() + patience.toNanos());
        return left;
    }

    private void leave(long deadline) {
        Connection open = current;
        if (open == null && (previous == null || previous.isDrained())) {
            left.complete(null);
            return;
        }
        if (open != null && (open.isDrained() || control.nanoTime() - deadline >= 0)) {
            giveUp(open, new Link.Ending(Link.Cause.OTHER, "the configuration has changed"));
        }
        control.schedule(LEAVING_LOOK, () -> leave(deadline));
    }

    private void connect() {
        Lifetime before = previous;
        if (stopped || !waited || current != null || (before != null && !before.isDrained())) {
            return;
        }
        previous = null;
        List<HostPort> addresses = route.broker().addresses();
        HostPort address = addresses.get((int) (reconnects.attempts() % addresses.size()));
        reconnects.attempt();
        boolean sessionKept = !route.broker().sessionExpiry().isZero();
        Connection next = new Connection(address, sessionKept, control, intake, silence, ears);
        current = next;
        next.connect(links);
    }

    private void connected(Connection connection, Link.Connected connack) {
        if (stopped || !connection.isTaking()) {
            connection.hangUp();
            return;
        }
        connected = true;
        reconnects.connected();
        LOG.info(
                "{}: connected to {} as {}, {}",
                route.name(),
                connection.address(),
                clientId,
                connack.sessionPresent() ? "session kept" : "new session");
        if (session.connected(connack)) {
            subscriber.complete(connection);
        } else {
            subscriber.subscribe(connection);
        }
    }

    private void ready(Connection connection) {
        problem = reconnects.suspicion();
        connection.ready();
    }

    private void giveUp(Connection connection, Link.Ending why) {
        if (connection == current && connection.giveUp(why)) {
            // closing takes a client ten seconds at most; one that does not even do that is left behind
            control.schedule(CLOSE_TIMEOUT, () -> ended(connection, why, false));
        }
    }

    private void ended(Connection connection, Link.Ending how, boolean closed) {
        if (connection != current) {
            return;
        }
        current = null;
        previous = connection.lifetime();
        connected = false;
        Duration lived = connection.age();
        connection.end(closed);
        intake.connectionEnded();
        if (connection.wasConnected()) {
            session.disconnected();
        }
        if (stopped) {
            problem = "stopping";
            return;
        }
        waitForNext(reconnects.ended(connection.address(), connection.reason(how), lived, connection.wasConnected()));
    }

    private void waitForNext(Duration wait) {
        problem = reconnects.problem();
        waited = false;
        int number = ++waits;
        control.schedule(wait, () -> {
            if (number == waits) {
                waited = true;
                connect();
            }
        });
    }

    /** Every few seconds: a client that has stalled though its connection stands is replaced. */
    private void look() {
        if (stopped) {
            return;
        }
        control.schedule(LOOK, this::look);
        Connection open = current;
        if (open == null || !open.isReady()) {
            return;
        }
        if (problem != null) {
            reconnects.stable(open.age());
            problem = reconnects.suspicion();
        }
        if (!open.isRead()) {
            silence.startAgain(control.nanoTime());
        }
        // not without a session, nor while messages are on their way: anew must cost neither loss nor duplicates
        if (session.isKept() && open.lifetime().isIdle() && silence.isStalled(control.nanoTime())) {
            replaceStalled(open);
        }
    }

    private void replaceStalled(Connection open) {
        LOG.warn(
                "{}: the MQTT client has stalled: messages from {} were read and not handed over for {} s; connecting"
                        + " anew, the session is kept",
                route.name(),
                open.address(),
                silence.silence(control.nanoTime()).toSeconds());
        giveUp(open, new Link.Ending(Link.Cause.PRECAUTION, "connecting anew because the client has stalled"));
    }

    /** Receives the events of this source's parts, and ignores late events of an ended connection. */
    private final class Ears implements Connection.Owner, Subscriber.Events {
        @Override
        public void connected(Connection connection, Link.Connected connack) {
            if (connection == current) {
                MqttSource.this.connected(connection, connack);
            }
        }

        @Override
        public void cannotTake(Connection connection) {
            giveUp(connection, new Link.Ending(Link.Cause.OTHER, "a message could not be taken"));
        }

        @Override
        public void ended(Connection connection, Link.Ending how, boolean closed) {
            MqttSource.this.ended(connection, how, closed);
        }

        @Override
        public void drained() {
            connect();
        }

        @Override
        public void incomplete(String why) {
            problem = why;
        }

        @Override
        public void subscribed() {
            subscribed = true;
        }

        @Override
        public void granted(Connection connection) {
            ready(connection);
        }

        @Override
        public void othersGone() {
            intake.othersGone();
        }

        @Override
        public void unanswered(Connection connection, String why) {
            giveUp(connection, new Link.Ending(Link.Cause.OTHER, why));
        }
    }
}
