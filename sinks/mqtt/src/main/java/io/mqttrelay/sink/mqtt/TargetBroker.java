package io.mqttrelay.sink.mqtt;

import io.mqttrelay.common.config.destination.MqttTarget;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to the broker of one target over one connection. A publish that finds no connection makes one, and others wait
 * for it. After a failed connect, publishes fail at once until the backoff has passed. Any thread.
 */
final class TargetBroker {
    private static final Logger log = LogManager.getLogger(TargetBroker.class);
    private static final SinkResult ACKNOWLEDGED = new SinkResult.Accepted(new Answer(0, "success"));

    /** Shorter than the wait for a probe of the circuit breaker, so that a probe finds a new connection. */
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);

    private final String name;
    private final MqttTarget target;
    private final String clientId;
    private final Egress egress;
    private final Threads threads;
    private final LongSupplier nanoTime;

    private @Nullable CompletableFuture<BrokerLink> current; // guarded by this
    private String failure = ""; // guarded by this
    private int failures; // guarded by this
    private long notBefore; // guarded by this
    private long lastUsed; // guarded by this
    private boolean closed; // guarded by this

    /** Threads that connect, which blocks, and those of the event loops. */
    record Threads(Executor connecting, BrokerLink.Loops loops) {}

    /**
     * @param clientId of this process alone
     */
    TargetBroker(MqttTarget target, String clientId, Egress egress, Threads threads, LongSupplier nanoTime) {
        this.name = target.name();
        this.target = target;
        this.clientId = clientId;
        this.egress = egress;
        this.threads = threads;
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
        this.lastUsed = notBefore;
    }

    /** Publishes a message; the result says whether the broker has acknowledged it. */
    CompletableFuture<SinkResult> publish(OutgoingPublish message) {
        return link().thenCompose(link -> published(link, message))
                .exceptionally(
                        absent -> MqttFailure.away(String.valueOf(cause(absent).getMessage())));
    }

    private static CompletableFuture<SinkResult> published(BrokerLink link, OutgoingPublish message) {
        String refusal = link.refusal(message);
        if (refusal != null) {
            return CompletableFuture.completedFuture(MqttFailure.refused(refusal));
        }
        try {
            return link.publish(message)
                    .handle((acknowledged, refused) ->
                            refused == null ? ACKNOWLEDGED : MqttFailure.ofPublish(cause(refused)));
        } catch (IllegalArgumentException e) { // a text that MQTT does not allow
            return CompletableFuture.completedFuture(MqttFailure.ofPublish(e));
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private synchronized CompletableFuture<BrokerLink> link() {
        lastUsed = nanoTime.getAsLong();
        if (current != null) {
            return current;
        }
        if (closed) {
            return absent("the relay stops");
        }
        if (nanoTime.getAsLong() - notBefore < 0) {
            return absent(failure);
        }
        CompletableFuture<BrokerLink> connecting = new CompletableFuture<>();
        current = connecting;
        threads.connecting().execute(() -> connect(connecting));
        return connecting;
    }

    private static CompletableFuture<BrokerLink> absent(String why) {
        return CompletableFuture.failedFuture(new AbsentException(why));
    }

    private void connect(CompletableFuture<BrokerLink> connecting) {
        List<String> failed = new ArrayList<>();
        for (HostPort address : target.addresses()) {
            try {
                for (InetAddress each : InetAddress.getAllByName(address.host())) {
                    BrokerLink link = connected(connecting, address, each, failed);
                    if (link != null) {
                        taken(connecting, link);
                        return;
                    }
                }
            } catch (UnknownHostException e) {
                failed.add(address + ": the name cannot be resolved");
            }
        }
        ended(connecting, "MQTT target " + name + " cannot be reached: " + String.join("; ", failed), true);
    }

    /** Null: there is no connection, and {@code failed} has the reason. */
    private @Nullable BrokerLink connected(
            CompletableFuture<BrokerLink> connecting, HostPort address, InetAddress found, List<String> failed)
            throws UnknownHostException {
        InetAddress dialled = Egress.dialled(found);
        String denied = egress.whyDenied(address.host(), dialled);
        if (denied != null) {
            failed.add(denied);
            return null;
        }
        try {
            InetSocketAddress named = new InetSocketAddress(
                    InetAddress.getByAddress(address.host(), dialled.getAddress()), address.port());
            BrokerLink link = BrokerLink.of(target, clientId, named, threads.loops(), why -> lost(connecting, why));
            var unused = link.connect().join();
            return link;
        } catch (RuntimeException e) { // of the client, or of a TLS file
            failed.add(address + ": " + MqttFailure.ofConnection(e));
            return null;
        }
    }

    private void taken(CompletableFuture<BrokerLink> connecting, BrokerLink link) {
        boolean wanted;
        synchronized (this) {
            wanted = current == connecting && !closed;
            if (wanted) {
                failures = 0;
            }
        }
        if (wanted) {
            log.info("MQTT target {}: connected as {}", name, clientId);
            connecting.complete(link);
            Throwable end = link.end(); // before the line above, the end was not told
            if (end != null) {
                lost(connecting, end);
            }
        } else {
            link.disconnect();
            connecting.completeExceptionally(new AbsentException("the relay stops"));
        }
    }

    /** On an event loop: the connection has ended. One that never stood is the business of its connect. */
    private void lost(CompletableFuture<BrokerLink> connecting, Throwable why) {
        if (connecting.isDone()) {
            ended(connecting, "MQTT target " + name + ": connection lost: " + MqttFailure.ofConnection(why), false);
        }
    }

    private void ended(CompletableFuture<BrokerLink> connecting, String why, boolean neverStood) {
        boolean told;
        synchronized (this) {
            told = current == connecting && !closed;
            if (current == connecting) {
                current = null;
                failure = why;
                failures = neverStood ? failures + 1 : 0;
                notBefore = nanoTime.getAsLong() + (neverStood ? backoff() : 0);
            }
        }
        if (told) {
            log.warn("{}; the next message connects again", why);
        }
        connecting.completeExceptionally(new AbsentException(why));
    }

    private long backoff() {
        long wait = FIRST_BACKOFF.toNanos() << Math.min(failures - 1, 10);
        return Math.min(wait, LONGEST_BACKOFF.toNanos());
    }

    /** Ends the connection if nothing was published for this time. */
    void closeIfIdle(Duration idle) {
        CompletableFuture<BrokerLink> link;
        synchronized (this) {
            if (nanoTime.getAsLong() - lastUsed < idle.toNanos()) {
                return;
            }
            link = current;
            current = null;
        }
        disconnect(link);
    }

    /** Ends the connection; publishes in flight fail. */
    void close() {
        CompletableFuture<BrokerLink> link;
        synchronized (this) {
            closed = true;
            link = current;
            current = null;
        }
        disconnect(link);
    }

    private static void disconnect(@Nullable CompletableFuture<BrokerLink> link) {
        if (link != null) {
            var unused = link.thenAccept(BrokerLink::disconnect);
        }
    }

    /** There is no connection; the message is one line for people. */
    private static final class AbsentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AbsentException(String why) {
            super(why);
        }
    }
}
