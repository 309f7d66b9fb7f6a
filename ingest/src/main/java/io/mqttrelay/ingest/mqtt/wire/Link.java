package io.mqttrelay.ingest.mqtt.wire;

import io.mqttrelay.common.config.value.HostPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One MQTT connection from its CONNECT to its end; never used again. Its futures end on any thread, and with an exception
 * only when the connection ends too.
 */
public interface Link {
    /** Makes links; throws a RuntimeException in words for people when it cannot (a TLS file has gone bad). */
    interface Factory {
        Link open(HostPort address, Events events);
    }

    /** The events of a connection, on the client's event loop: nothing here may block or throw. */
    interface Events {
        /** A message, acknowledged by {@code acknowledge}, which must be called at most once. */
        void published(Publish publish, Runnable acknowledge);

        /** Messages have been read from the socket and go to the client now, which calls {@link #published} for each. */
        default void arriving() {}

        /**
         * Whether messages of this QoS are still taken. If not, the message is skipped unread: the client would keep its
         * payload, unacknowledged, until the connection ends.
         */
        default boolean takes(int qos) {
            return true;
        }

        /** Which of these messages are read. */
        default ReadLimit readLimit() {
            return ReadLimit.UNLIMITED;
        }

        /** It has ended, or never came to be; once. */
        void ended(Ending ending);
    }

    /** The fields of CONNACK. {@code sessionExpirySeconds} null: as requested. */
    record Connected(boolean sessionPresent, @Nullable Long sessionExpirySeconds) {}

    /** A filter as it is sent, with the group of a shared subscription. */
    record Filter(String text, int qos) {}

    /** Why a connection ended. */
    record Ending(Cause cause, String text) {}

    /** The consequence of an ending for the next connection. */
    enum Cause {
        /** Another connection used the same client id. */
        TAKEN_OVER,
        /** The broker closed the connection. */
        BROKER,
        /** The relay closed the connection as a precaution. */
        PRECAUTION,
        /** Any other cause: the network, a timeout, the relay itself. */
        OTHER
    }

    CompletableFuture<Connected> connect();

    /** The SUBACK's code for each filter: 0, 1, 2 granted, 0x80 and above refused. */
    CompletableFuture<List<Integer>> subscribe(List<Filter> filters, boolean sendRetained);

    /** The UNSUBACK's code for each filter: 0x80 and above refused. MQTT 3.1.1 knows no refusal. */
    CompletableFuture<List<Integer>> unsubscribe(List<String> filters);

    /** Whether packets are taken from the socket. */
    boolean isReading();

    /** How often that was stopped. */
    int stops();

    /** Says DISCONNECT, which leaves the session to the broker, and closes. */
    CompletableFuture<Void> disconnect();

    /** Says DISCONNECT, which ends the session where the version of MQTT can, and closes. */
    CompletableFuture<Void> endSession();

    /** Releases the connection's resources after its end. Messages received before can still be acknowledged. */
    void ended();
}
