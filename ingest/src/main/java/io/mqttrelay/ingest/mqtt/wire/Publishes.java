package io.mqttrelay.ingest.mqtt.wire;

import com.hivemq.client.mqtt.exceptions.MqttSessionExpiredException;
import io.reactivex.FlowableSubscriber;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/**
 * Takes every message of a connection, on its event loop. An exception that escaped from here would end the flow for
 * good and leave the connection open, silently; so none does.
 */
final class Publishes<P> implements FlowableSubscriber<P> {
    private static final Logger LOG = LogManager.getLogger(Publishes.class);

    private final Consumer<P> each;
    private volatile @Nullable Subscription subscription;

    Publishes(Consumer<P> each) {
        this.each = each;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(P publish) {
        try {
            each.accept(publish);
        } catch (Throwable e) {
            LOG.error("a bug: a message could not be taken; it stays with the broker until the next connection", e);
        }
    }

    /** Once the connection has ended: gives the client's event loop back. */
    void cancel() {
        Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void onError(Throwable e) {
        if (e instanceof MqttSessionExpiredException) {
            return; // with its connection, where no session is kept
        }
        LOG.error("a bug: the flow of messages ended", e);
    }

    @Override
    public void onComplete() {
        // with its client
    }
}
