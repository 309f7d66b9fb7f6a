package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.HostPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One MQTT connection from its CONNECT to its end; never used again. Its futures end on any thread, and with an exception
 * only when the connection ends too.
 */
interface Link {
    /** Makes links; throws a RuntimeException in words for people when it cannot (a TLS file has gone bad). */
    interface Factory {
        Link open(HostPort address, Events events);
    }

    /** What happens on it; on the client's event loop, so nothing here may block or throw. */
    interface Events {
        /** A message, acknowledged by {@code acknowledge}, which must be called at most once. */
        void published(Publish publish, Runnable acknowledge);

        /** It has ended, or never came to be; once. */
        void ended(Ending ending);
    }

    /** What CONNACK said. {@code sessionExpirySeconds} null: what was asked for. */
    record Connected(boolean sessionPresent, @Nullable Long sessionExpirySeconds) {}

    /** A filter as it is sent, with the group of a shared subscription. */
    record Filter(String text, int qos) {}

    /** Why a connection ended. */
    record Ending(Cause cause, String text) {}

    /** What an ending means for the next connection. */
    enum Cause {
        /** Another connection with the same client id. */
        TAKEN_OVER,
        /** The broker closed it. */
        BROKER,
        /** We, though nothing was known to be wrong with it. */
        PRECAUTION,
        /** Everything else: the network, a timeout, ourselves. */
        OTHER
    }

    CompletableFuture<Connected> connect();

    /** The SUBACK's code for each filter: 0, 1, 2 granted, 0x80 and above refused. */
    CompletableFuture<List<Integer>> subscribe(List<Filter> filters, boolean sendRetained);

    CompletableFuture<Void> unsubscribe(List<String> filters);

    /** Says DISCONNECT, which leaves the session to the broker, and closes. */
    CompletableFuture<Void> disconnect();

    /** After its end: gives back what it holds. Messages that it brought can still be acknowledged. */
    void ended();
}
