package io.mqttrelay.ingest;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.ingest.mqtt.MqttSource;
import io.mqttrelay.ingest.mqtt.Unsubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The MQTT connections of all routes. */
@CalledOn("ingest-control")
final class MqttSources {
    private static final Logger LOG = LogManager.getLogger(MqttSources.class);

    private final RememberedSessions remembered;
    private final List<MqttSource> sources = new ArrayList<>();
    private final List<Unsubscriber> unsubscribers = new ArrayList<>();
    private boolean started;
    private boolean stopped;
    private volatile CompletableFuture<Void> left = CompletableFuture.completedFuture(null);
    private volatile CompletableFuture<Void> quiet = CompletableFuture.completedFuture(null);
    private volatile CompletableFuture<Void> disconnected = CompletableFuture.completedFuture(null);

    MqttSources(RememberedSessions remembered) {
        this.remembered = remembered;
    }

    /** Adds a source. It starts with the others, or at once if they are running. */
    void add(MqttSource source) {
        source.remembers(remembered.of(source.clientId()));
        sources.add(source);
        if (started && !stopped) {
            source.start();
        }
    }

    /**
     * Adds an unsubscriber. It starts with the others, or at once if they are running. Its session is forgotten: a
     * session without subscriptions cannot lose messages.
     */
    void add(Unsubscriber unsubscriber, String clientId) {
        remembered.of(clientId).forget();
        unsubscribers.add(unsubscriber);
        if (started && !stopped) {
            unsubscriber.start();
        }
    }

    void remove(MqttSource source) {
        sources.remove(source);
    }

    void remove(Unsubscriber unsubscriber) {
        unsubscribers.remove(unsubscriber);
    }

    void start() {
        started = true;
        sources.forEach(MqttSource::start);
        unsubscribers.forEach(Unsubscriber::start);
    }

    /** Lets replicas leave their shared groups where the configuration says so. Called before {@link #quiesce}. */
    void leaveGroups(Duration patience) {
        left = CompletableFuture.allOf(
                sources.stream().map(source -> source.leaveGroup(patience)).toArray(CompletableFuture<?>[]::new));
    }

    /** Waits until each replica has left its group or given up. Not on {@code ingest-control}. */
    void awaitLeft(Duration limit) throws InterruptedException {
        await(left, limit, "a replica did not leave its shared group in time");
    }

    void quiesce() {
        stopped = true;
        quiet = CompletableFuture.allOf(
                sources.stream().map(MqttSource::quiesce).toArray(CompletableFuture<?>[]::new));
        unsubscribers.forEach(Unsubscriber::stop);
    }

    /** Waits until the writer has the last message of each connection. Not on {@code ingest-control}. */
    void awaitQuiet(Duration limit) throws InterruptedException {
        await(quiet, limit, "a message was not taken in time");
    }

    void disconnect() {
        disconnected = CompletableFuture.allOf(
                sources.stream().map(MqttSource::disconnect).toArray(CompletableFuture<?>[]::new));
    }

    /** Waits until the brokers have closed the connections. Not on {@code ingest-control}. */
    void awaitDisconnected(Duration limit) throws InterruptedException {
        await(disconnected, limit, "an MQTT broker did not close its connection in time");
    }

    private static void await(CompletableFuture<Void> done, Duration limit, String late) throws InterruptedException {
        try {
            done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug(late, e);
        }
    }
}
