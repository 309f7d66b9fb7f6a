package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.ingest.mqtt.wire.Link;
import io.mqttrelay.ingest.mqtt.wire.Publish;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Links whose answers a test decides, with a record of the calls. */
final class FakeBroker implements Link.Factory {
    private static final int NO_SUBSCRIPTION_EXISTED = 0x11;
    private static final int NOT_AUTHORIZED = 0x87;

    final List<FakeLink> links = new ArrayList<>();
    boolean reachable = true;
    boolean sessionPresent;
    /** Delays CONNECT and UNSUBSCRIBE; null: they are answered at once. */
    CompletableFuture<Void> delay;

    /** Delays SUBACK; null: it comes at once. */
    CompletableFuture<Void> answersSubscribe;

    Long sessionExpiry;
    /** The SUBACK code of a filter that is not granted as requested. */
    int code = -1;

    final Set<String> refusedFilters = new LinkedHashSet<>();
    /** Those that UNSUBACK does not end. */
    final Set<String> keptFilters = new LinkedHashSet<>();

    @Override
    public Link open(HostPort address, Link.Events events) {
        FakeLink link = new FakeLink(address, events);
        links.add(link);
        return link;
    }

    private CompletableFuture<Void> delayed() {
        return delay == null ? CompletableFuture.completedFuture(null) : delay;
    }

    FakeLink last() {
        return links.get(links.size() - 1);
    }

    final class FakeLink implements Link {
        final HostPort address;
        final Events events;
        final List<String> subscribed = new ArrayList<>();
        final List<String> unsubscribed = new ArrayList<>();
        final List<String> acknowledged = new ArrayList<>();
        boolean sendRetained;
        boolean disconnected;
        boolean closes = true;
        boolean read = true;
        int stops;
        boolean sessionEnded;

        private FakeLink(HostPort address, Events events) {
            this.address = address;
            this.events = events;
        }

        void publish(String topic, int qos) {
            Publish publish =
                    new Publish(topic, qos, false, null, null, null, null, List.of(), ByteBuffer.allocate(10), null);
            events.arriving();
            events.published(publish, () -> acknowledged.add(topic));
        }

        /** Reads a message from the socket that the client never hands over. */
        void swallow() {
            events.arriving();
        }

        void cut(Cause cause) {
            events.ended(new Ending(cause, "cut"));
        }

        @Override
        public CompletableFuture<Connected> connect() {
            if (!reachable) {
                events.ended(new Ending(Cause.OTHER, "Connection refused"));
                return CompletableFuture.failedFuture(new IllegalStateException("Connection refused"));
            }
            return delayed().thenApply(now -> new Connected(sessionPresent, sessionExpiry));
        }

        @Override
        public CompletableFuture<List<Integer>> subscribe(List<Filter> filters, boolean retained) {
            sendRetained = retained;
            filters.forEach(filter -> subscribed.add(filter.text()));
            List<Integer> codes = filters.stream()
                    .map(filter -> refusedFilters.contains(filter.text()) ? code : filter.qos())
                    .toList();
            CompletableFuture<Void> wait =
                    answersSubscribe == null ? CompletableFuture.completedFuture(null) : answersSubscribe;
            return wait.thenApply(now -> codes);
        }

        @Override
        public CompletableFuture<List<Integer>> unsubscribe(List<String> filters) {
            unsubscribed.addAll(filters);
            List<Integer> codes = filters.stream()
                    .map(filter -> keptFilters.contains(filter) ? NOT_AUTHORIZED : NO_SUBSCRIPTION_EXISTED)
                    .toList();
            return delayed().thenApply(now -> codes);
        }

        @Override
        public CompletableFuture<Void> endSession() {
            sessionEnded = true;
            return disconnect();
        }

        /** As the gate in front of the client does. */
        void stopReading() {
            read = false;
            stops++;
        }

        @Override
        public boolean isReading() {
            return read;
        }

        @Override
        public int stops() {
            return stops;
        }

        void startReading() {
            read = true;
        }

        @Override
        public CompletableFuture<Void> disconnect() {
            disconnected = true;
            if (closes) {
                events.ended(new Ending(Cause.OTHER, "disconnected"));
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void ended() {
            // holds nothing
        }
    }
}
