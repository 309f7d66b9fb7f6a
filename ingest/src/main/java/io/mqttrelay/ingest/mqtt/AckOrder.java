package io.mqttrelay.ingest.mqtt;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The order in which acknowledgements leave on one connection. The MQTT client sends them in the order in which the
 * messages arrived, and keeps each payload until then: a settled message waits for every message before it. Any thread;
 * the lock is held for a few instructions and never while calling out.
 */
final class AckOrder {
    private final ArrayDeque<Place> waiting = new ArrayDeque<>();

    /** The place of one message in the order. */
    final class Place {
        private @Nullable Runnable left;

        /** The message is settled; {@code then} runs once, when the client holds its payload no longer. */
        void settled(Runnable then) {
            synchronized (waiting) {
                left = then;
            }
            runFirst();
        }
    }

    /** The next message has arrived. */
    Place arrived() {
        Place place = new Place();
        synchronized (waiting) {
            waiting.add(place);
        }
        return place;
    }

    private void runFirst() {
        Runnable next;
        while ((next = firstSettled()) != null) {
            next.run();
        }
    }

    private @Nullable Runnable firstSettled() {
        synchronized (waiting) {
            Place first = waiting.peek();
            if (first == null || first.left == null) {
                return null;
            }
            waiting.remove();
            return first.left;
        }
    }
}
