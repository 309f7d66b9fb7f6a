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
    private boolean started;
    private boolean paused;
    private boolean stopped;
    private volatile CompletableFuture<Void> disconnected = CompletableFuture.completedFuture(null);

    /** Starts with the others, or, when they run, at once. */
    void add(MqttSource source) {
        sources.add(source);
        if (started && !stopped) {
            if (paused) {
                source.pause();
            }
            source.start();
        }
    }

    /** Starts with the others, or, when they run, at once. */
    void add(Unsubscriber unsubscriber) {
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

    @Override
    public void pause() {
        paused = true;
        sources.forEach(MqttSource::pause);
    }

    @Override
    public void resume() {
        paused = false;
        sources.forEach(MqttSource::resume);
    }

    @Override
    public boolean anyConnected() {
        return sources.stream().anyMatch(MqttSource::connected);
    }

    void quiesce() {
        stopped = true;
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
