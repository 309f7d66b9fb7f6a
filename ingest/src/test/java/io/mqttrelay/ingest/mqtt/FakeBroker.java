package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.HostPort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Links that do what a test says, and note what was done with them. */
final class FakeBroker implements Link.Factory {
    final List<FakeLink> links = new ArrayList<>();
    boolean reachable = true;
    boolean sessionPresent;
    /** What CONNECT and UNSUBSCRIBE wait for; null: they are answered at once. */
    CompletableFuture<Void> delay;

    Long sessionExpiry;
    /** What SUBACK answers for a filter that is not granted as asked. */
    int code = -1;

    final Set<String> refusedFilters = new LinkedHashSet<>();

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

        private FakeLink(HostPort address, Events events) {
            this.address = address;
            this.events = events;
        }

        void publish(String topic, int qos) {
            Publish publish =
                    new Publish(topic, qos, false, null, null, null, null, List.of(), ByteBuffer.allocate(10));
            events.published(publish, () -> acknowledged.add(topic));
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
            return CompletableFuture.completedFuture(filters.stream()
                    .map(filter -> refusedFilters.contains(filter.text()) ? code : filter.qos())
                    .toList());
        }

        @Override
        public CompletableFuture<Void> unsubscribe(List<String> filters) {
            unsubscribed.addAll(filters);
            return delayed();
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
