package io.mqttrelay.ingest;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayIds;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.ingest.mqtt.Filters;
import io.mqttrelay.ingest.mqtt.MqttSource;
import io.mqttrelay.ingest.mqtt.Publish;
import io.mqttrelay.ingest.mqtt.Received;
import io.mqttrelay.ingest.write.RecordWriter;
import io.mqttrelay.ingest.write.Unacked;
import io.mqttrelay.ingest.write.Write;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The whole path of one message of a route.
 *
 * <pre>
 *  broker --PUBLISH--> Connection of a MqttSource                                  (ingest-mqtt-n)
 *                          |  accept: wanted? room?                 no: dropped, acknowledged
 *                          v
 *                     RecordWriter: a lane per app                                 (ingest-writer)
 *                          |  record: RecordCodec, or a dead letter if Kafka cannot hold it
 *                          v
 *                        Kafka
 *                          |  stored: acks=all                                     (Kafka's producer thread)
 *  broker &lt;--PUBACK---- Received
 * </pre>
 *
 * A message leaves the path once: stored, dropped (counted, acknowledged), or released, which leaves it to the broker.
 */
final class IngestPath implements MqttSource.Intake {
    /** What a message costs besides its bytes: the objects that carry it, here and in the clients. */
    private static final int OVERHEAD = 256;

    private final Parts parts;
    private final RouteMeters meters;
    private final String topic;
    private final String deadTopic;

    /** Swapped as a whole when the configuration changes; a message belongs to the one that it met. */
    private volatile Taken taken;

    /** What the route takes: by its filters, and by those that it had before as long as the broker may send by them. */
    private record Taken(Route route, List<Filters> filters) {
        static Taken of(Route route) {
            return new Taken(route, List.of(new Filters(route)));
        }

        boolean match(String topic) {
            for (Filters each : filters) {
                if (each.match(topic)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What the paths of all routes share. */
    record Parts(RecordWriter writer, Unacked unacked, RecordCodec codec, RelayIds ids, Clock clock, DropLog dropLog) {}

    IngestPath(Route route, Parts parts, TopicNames names, RouteMeters meters) {
        this.taken = Taken.of(route);
        this.parts = parts;
        this.meters = meters;
        this.topic = names.messages(route.appId());
        this.deadTopic = names.dead(route.appId());
    }

    /** The same app and name; takes also what the filters before bring, until the broker sends nothing by them. */
    @CalledOn("ingest-control")
    void change(Route next) {
        List<Filters> both = new ArrayList<>(List.of(new Filters(next)));
        both.addAll(taken.filters());
        taken = new Taken(next, List.copyOf(both));
    }

    @Override
    @CalledOn("ingest-control")
    public void othersGone() {
        taken = Taken.of(taken.route());
    }

    @Override
    @CalledOn("ingest-mqtt-n")
    public void accept(Received received) {
        Taken now = taken;
        Route route = now.route();
        Publish publish = received.publish();
        meters.received();
        if (publish.retain() && !route.broker().deliverRetained()) {
            drop(received, RouteMeters.Dropped.RETAINED);
        } else if (!now.match(publish.topic())) {
            parts.dropLog().noFilter(route.name(), publish.topic());
            drop(received, RouteMeters.Dropped.NO_FILTER);
        } else {
            take(received, route);
        }
    }

    private void take(Received received, Route route) {
        Publish publish = received.publish();
        long size = size(publish);
        if (!parts.unacked().admit(publish.qos(), size)) {
            parts.dropLog().qos0(route.name());
            drop(received, RouteMeters.Dropped.QOS0_OVERLOAD);
            return;
        }
        parts.writer().write(new InFlight(received, route, size));
    }

    private void drop(Received received, RouteMeters.Dropped reason) {
        meters.dropped(reason);
        received.acknowledge();
    }

    private static long size(Publish publish) {
        return OVERHEAD + publish.size() + 2L * publish.topic().length() + PropertyBytes.of(publish);
    }

    @Override
    public void missed(Publish publish) {
        meters.received();
        meters.dropped(RouteMeters.Dropped.QOS0_OVERLOAD);
        parts.dropLog().qos0(taken.route().name());
    }

    @Override
    public void connectionEnded() {
        parts.writer().releaseComingAgain();
    }

    /** A message between its arrival and its end. */
    private final class InFlight implements Write {
        private final Received received;
        private final Route route;
        private final long size;
        private final String id = parts.ids().next();
        private final long receivedAt = parts.clock().millis();
        private @Nullable TooLarge tooLarge;

        InFlight(Received received, Route route, long size) {
            this.received = received;
            this.route = route;
            this.size = size;
        }

        /** With a payload of its own, so not before it is needed. */
        @SuppressWarnings("NullAway") // does not see in a class file that the array may be null
        private RelayMessage message() {
            Publish publish = received.publish();
            Long expiry = publish.expirySeconds();
            return new RelayMessage(
                    id,
                    route.appId(),
                    route.name(),
                    receivedAt,
                    publish.topic(),
                    publish.qos(),
                    publish.retain(),
                    publish.contentType(),
                    expiry == null ? null : receivedAt + expiry * 1000,
                    publish.responseTopic(),
                    publish.correlationData(),
                    publish.userProperties(),
                    publish.payloadBytes());
        }

        @Override
        public String appId() {
            return route.appId();
        }

        @Override
        public long bytes() {
            return size;
        }

        @Override
        @CalledOn("ingest-writer")
        public ProducerRecord<byte[], byte[]> record() {
            TooLarge dead = tooLarge;
            if (dead == null) {
                RelayMessage message = message();
                dead = TooLarge.byProperties(message);
                if (dead == null) {
                    return parts.codec().encode(message, route.ordering(), topic);
                }
                tooLarge = dead;
            }
            return dead.record(parts.codec(), deadTopic, parts.clock().millis());
        }

        @Override
        @CalledOn("ingest-writer")
        public boolean shrink(String why) {
            tooLarge = tooLarge == null ? TooLarge.byKafka(message(), why) : tooLarge.smaller();
            return tooLarge != null;
        }

        @Override
        public boolean comesAgain() {
            return received.comesAgain();
        }

        @Override
        public boolean mayBeReleased() {
            return received.mayBeReleased();
        }

        @Override
        public void stored() {
            if (tooLarge == null) {
                meters.stored();
            } else {
                meters.dropped(RouteMeters.Dropped.TOO_LARGE);
                parts.dropLog().tooLarge(message(), deadTopic);
            }
            parts.unacked().settled(received.publish().qos(), size);
            received.acknowledge();
        }

        @Override
        public void released() {
            meters.released();
            parts.unacked().settled(received.publish().qos(), size);
            received.release();
        }

        @Override
        public void dropped(String why) {
            parts.dropLog().lost(message(), why);
            meters.dropped(RouteMeters.Dropped.FAILED);
            parts.unacked().settled(received.publish().qos(), size);
            received.acknowledge();
        }
    }
}
