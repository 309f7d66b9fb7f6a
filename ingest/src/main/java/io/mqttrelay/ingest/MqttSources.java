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

/** The connections of all routes together. */
@CalledOn("ingest-control")
final class MqttSources implements Valve.Sources {
    private static final Logger LOG = LogManager.getLogger(MqttSources.class);

    private final List<MqttSource> sources = new ArrayList<>();
    private final List<Unsubscriber> unsubscribers = new ArrayList<>();
    private volatile CompletableFuture<Void> disconnected = CompletableFuture.completedFuture(null);

    /** While wiring. */
    void add(MqttSource source) {
        sources.add(source);
    }

    /** While wiring. */
    void add(Unsubscriber unsubscriber) {
        unsubscribers.add(unsubscriber);
    }

    void start() {
        sources.forEach(MqttSource::start);
        unsubscribers.forEach(Unsubscriber::start);
    }

    @Override
    public void pause() {
        sources.forEach(MqttSource::pause);
    }

    @Override
    public void resume() {
        sources.forEach(MqttSource::resume);
    }

    @Override
    public boolean anyConnected() {
        return sources.stream().anyMatch(MqttSource::connected);
    }

    void quiesce() {
        sources.forEach(MqttSource::quiesce);
        unsubscribers.forEach(Unsubscriber::stop);
    }

    void disconnect() {
        disconnected = CompletableFuture.allOf(
                sources.stream().map(MqttSource::disconnect).toArray(CompletableFuture<?>[]::new));
    }

    /** Waits until the brokers have closed the connections. Not on {@code ingest-control}. */
    void awaitDisconnected(Duration limit) throws InterruptedException {
        try {
            disconnected.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("an MQTT broker did not close its connection in time", e);
        }
    }
}
