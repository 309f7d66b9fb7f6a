package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.HostPort;
import io.mqttrelay.common.config.MqttVersion;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.thread.CalledOn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One route's MQTT connection: always one, or the wait for the next. A connection is never repaired: what ends is
 * replaced by a new one, with a client of its own, as soon as nothing that the old one brought is on its way any more
 * (else every reconnect while Kafka is away would add another copy of it).
 */
@CalledOn("ingest-control")
public final class MqttSource {
    /** Where messages go. */
    public interface Intake {
        /** A message, to be settled once. On the client's event loop: must not block. */
        void accept(Received received);

        /** A QoS 0 message arrived after this source had stopped taking: it is gone. On the client's event loop. */
        void missed(Publish publish);

        /** A connection has ended: what it brought and is not yet on its way will come again. */
        void connectionEnded();
    }

    private static final Logger LOG = LogManager.getLogger(MqttSource.class);
    private static final Duration SUBACK_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(5);

    // for the life of the process
    private final Route route;
    private final String clientId;
    private final List<Link.Filter> filters;
    private final Link.Factory links;
    private final Control control;
    private final Intake intake;
    private final Clock clock;
    private final Reconnects reconnects;
    private final Backoff subscribeBackoff;
    private final SilenceWatch silence;
    private final AtomicLong sessionsLost = new AtomicLong();
    private volatile @Nullable String problem = "not connected yet";
    private volatile boolean connected;
    private boolean stopped;
    private boolean paused;

    // for the life of a session
    private boolean hasSession;
    private Instant lastConnected = Instant.EPOCH;
    private boolean toldShortExpiry;

    // for the life of a connection
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
        this.filters = Filters.toSubscribe(route);
        this.links = links;
        this.control = control;
        this.intake = intake;
        this.clock = clock;
        this.reconnects = new Reconnects(route.name(), clientId, random);
        this.subscribeBackoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), random);
        this.silence = new SilenceWatch();
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

    /** Why messages do not arrive, one line; null: connected and subscribed. Any thread. */
    public @Nullable String problem() {
        return problem;
    }

    /** Whether the broker has answered CONNECT and the connection stands. Any thread. */
    public boolean connected() {
        return connected;
    }

    /** How often the broker had forgotten the session, and with it perhaps messages. Any thread. */
    public long sessionsLost() {
        return sessionsLost.get();
    }

    /** Connects, and stays connected from now on. */
    public void start() {
        control.schedule(LOOK, this::look);
        connect();
    }

    /** Takes nothing until {@link #resume}: disconnects and leaves the session, and what it queues, to the broker. */
    public void pause() {
        paused = true;
        hangUp();
    }

    /** Connects again. */
    public void resume() {
        paused = false;
        waited = true;
        connect();
    }

    /** Takes nothing more, and leaves the connection up for the acknowledgements that are still to come. */
    public void quiesce() {
        stopped = true;
        Connection open = current;
        if (open != null) {
            open.taking = false;
        }
    }

    /** After {@link #quiesce}: says DISCONNECT; done when the connection is closed. */
    public CompletableFuture<Void> disconnect() {
        Connection open = current;
        return open == null || open.link == null ? CompletableFuture.completedFuture(null) : open.link.disconnect();
    }

    private void connect() {
        Lifetime before = previous;
        if (stopped || paused || !waited || current != null || (before != null && !before.isDrained())) {
            return;
        }
        previous = null;
        List<HostPort> addresses = route.broker().addresses();
        Connection next = new Connection(addresses.get((int) (reconnects.attempts() % addresses.size())));
        reconnects.attempt();
        current = next;
        try {
            Link link = links.open(next.address, next);
            next.link = link;
            var unused = link.connect()
                    .whenComplete((connack, failure) -> control.execute(() -> {
                        if (failure == null) {
                            connected(next, connack);
                        } else {
                            ended(next, new Link.Ending(Link.Cause.OTHER, ConnectionFailure.text(failure)), true);
                        }
                    }));
        } catch (RuntimeException e) {
            ended(next, new Link.Ending(Link.Cause.OTHER, ConnectionFailure.text(e)), true);
        }
    }

    private void connected(Connection connection, Link.Connected connack) {
        if (connection != current) {
            return;
        }
        connection.connectedAt = control.nanoTime();
        if (stopped || paused) {
            hangUp();
            return;
        }
        connected = true;
        LOG.info(
                "{}: connected to {} as {}, {}",
                route.name(),
                connection.address,
                clientId,
                connack.sessionPresent() ? "session kept" : "new session");
        compareSession(connack);
        // MQTT 3.1.1 sends retained messages at every SUBSCRIBE; in the session of this very process it needs none
        boolean subscribed =
                hasSession && connack.sessionPresent() && route.broker().mqttVersion() == MqttVersion.V3_1_1;
        lastConnected = clock.instant();
        if (subscribed) {
            ready(connection);
        } else {
            subscribe(connection, filters);
        }
    }

    private void compareSession(Link.Connected connack) {
        Duration asked = route.broker().sessionExpiry();
        if (asked.isZero()) {
            return;
        }
        if (hasSession && !connack.sessionPresent()) {
            hasSession = false;
            sessionsLost.incrementAndGet();
            LOG.error(
                    "{}: the broker has lost the session: messages published between {} and {} may be missing",
                    route.name(),
                    lastConnected,
                    clock.instant());
        }
        Long granted = connack.sessionExpirySeconds();
        if (granted != null && granted < asked.toSeconds() && !toldShortExpiry) {
            toldShortExpiry = true;
            LOG.warn(
                    "{}: the broker keeps the session for {} s only, session_expiry asks for {} s: what is published"
                            + " while ingest is away for longer is lost",
                    route.name(),
                    granted,
                    asked.toSeconds());
        }
    }

    private void subscribe(Connection connection, List<Link.Filter> wanted) {
        Link link = connection.link;
        if (connection != current || link == null) {
            return;
        }
        problem = "not subscribed yet";
        control.schedule(SUBACK_TIMEOUT, () -> {
            if (connection == current && connection.subscribing) {
                giveUp(connection, "the broker does not answer SUBSCRIBE");
            }
        });
        connection.subscribing = true;
        var unused = link.subscribe(wanted, route.broker().deliverRetained())
                .whenComplete((codes, failure) -> control.execute(() -> {
                    connection.subscribing = false;
                    if (failure == null) {
                        subscribed(connection, wanted, codes);
                    } else {
                        giveUp(connection, ConnectionFailure.text(failure));
                    }
                }));
    }

    private void subscribed(Connection connection, List<Link.Filter> wanted, List<Integer> codes) {
        if (connection != current) {
            return;
        }
        Map<Link.Filter, String> denied = Filters.denied(wanted, codes);
        hasSession |= !route.broker().sessionExpiry().isZero() && denied.size() < wanted.size();
        if (denied.isEmpty()) {
            ready(connection);
            return;
        }
        String text = String.join("; ", denied.values());
        problem = text;
        if (connection.told.put(text, true) == null) {
            LOG.error("{}: {}; asking again now and then", route.name(), text);
        }
        control.schedule(subscribeBackoff.next(), () -> subscribe(connection, List.copyOf(denied.keySet())));
    }

    private void ready(Connection connection) {
        hasSession = !route.broker().sessionExpiry().isZero();
        subscribeBackoff.reset();
        String suspicion = reconnects.suspicion();
        problem = suspicion;
        silence.connected(control.nanoTime());
        connection.subscribed = true;
    }

    private void giveUp(Connection connection, String why) {
        giveUp(connection, new Link.Ending(Link.Cause.OTHER, why));
    }

    private void giveUp(Connection connection, Link.Ending why) {
        if (connection != current || connection.givenUp != null) {
            return;
        }
        connection.givenUp = why;
        hangUp();
        // closing takes a client ten seconds at most; one that does not even do that is left behind
        control.schedule(CLOSE_TIMEOUT, () -> ended(connection, why, false));
    }

    private void hangUp() {
        Connection open = current;
        if (open == null) {
            return;
        }
        open.taking = false;
        Link link = open.link;
        if (link != null && open.connectedAt != null) {
            var unused = link.disconnect();
        }
    }

    private void ended(Connection connection, Link.Ending how, boolean closed) {
        if (connection != current) {
            return;
        }
        Link.Ending ending = connection.givenUp == null ? how : connection.givenUp;
        current = null;
        previous = connection.lifetime;
        connected = false;
        connection.taking = false;
        Duration lived = connection.connectedAt == null
                ? Duration.ZERO
                : Duration.ofNanos(control.nanoTime() - connection.connectedAt);
        connection.lifetime.end(closed);
        Link link = connection.link;
        if (link != null) {
            link.ended();
        }
        intake.connectionEnded();
        if (connection.connectedAt != null) {
            lastConnected = clock.instant();
        }
        waitForNext(connection, ending, lived);
    }

    private void waitForNext(Connection connection, Link.Ending ending, Duration lived) {
        if (stopped || paused) {
            problem = stopped ? "stopping" : "paused: ingest.max_unacked is reached";
            return;
        }
        Duration wait = reconnects.ended(connection.address, ending, lived, connection.connectedAt != null);
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

    /** Every few seconds: a client that has gone silent though its connection stands is replaced. */
    private void look() {
        if (stopped) {
            return;
        }
        control.schedule(LOOK, this::look);
        Connection open = current;
        if (open == null || !open.subscribed) {
            return;
        }
        if (problem != null && open.connectedAt != null) {
            reconnects.stable(Duration.ofNanos(control.nanoTime() - open.connectedAt));
            problem = reconnects.suspicion();
        }
        // not without a session, nor while messages are on their way: anew must cost neither loss nor duplicates
        if (hasSession && open.lifetime.isIdle() && silence.isSuspicious(control.nanoTime())) {
            connectAnewAsAPrecaution(open);
        }
    }

    private void connectAnewAsAPrecaution(Connection open) {
        LOG.info(
                "{}: nothing arrived for {} min on {}; connecting anew in case the client has stalled; the session is kept",
                route.name(),
                silence.silence(control.nanoTime()).toMinutes(),
                open.address);
        silence.acted();
        giveUp(open, new Link.Ending(Link.Cause.PRECAUTION, "connecting anew after a long silence"));
    }

    /** One connection, from the decision to connect to its end. Its fields belong to {@code ingest-control}. */
    private final class Connection implements Link.Events {
        private final HostPort address;
        private final Lifetime lifetime;
        private final Map<String, Boolean> told = new LinkedHashMap<>();
        private volatile boolean taking = true;
        private @Nullable Link link;
        private @Nullable Long connectedAt;
        private boolean subscribing;
        private boolean subscribed;
        private Link.@Nullable Ending givenUp;

        Connection(HostPort address) {
            this.address = address;
            Broker broker = route.broker();
            this.lifetime =
                    new Lifetime(!broker.sessionExpiry().isZero(), () -> control.execute(MqttSource.this::connect));
        }

        @Override
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
                LOG.error("{}: a bug: a message could not be taken; connecting anew to get it again", route.name(), e);
                received.release();
                control.execute(() -> giveUp(this, "a message could not be taken"));
            }
        }

        @Override
        public void ended(Link.Ending ending) {
            control.execute(() -> MqttSource.this.ended(this, ending, true));
        }
    }
}
