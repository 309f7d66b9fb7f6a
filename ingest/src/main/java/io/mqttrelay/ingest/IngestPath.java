package io.mqttrelay.ingest;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayHop;
import io.mqttrelay.common.record.RelayIds;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.ingest.mqtt.MqttSource;
import io.mqttrelay.ingest.mqtt.Received;
import io.mqttrelay.ingest.mqtt.wire.CutPayload;
import io.mqttrelay.ingest.mqtt.wire.Publish;
import io.mqttrelay.ingest.mqtt.wire.ReadLimit;
import io.mqttrelay.ingest.write.RecordWriter;
import io.mqttrelay.ingest.write.Unacked;
import io.mqttrelay.ingest.write.Write;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The path of one message of a route, from MQTT to Kafka.
 *
 * <pre>
 *  broker --PUBLISH--> Connection of a MqttSource                                  (ingest-mqtt-n)
 *                          |  PublishGate: memory?     no: QoS 1 and 2 stay unread, QoS 0 is dropped
 *                          |  accept: wanted?                       no: dropped, acknowledged
 *                          v
 *                     RecordWriter: a queue per app                                (ingest-writer)
 *                          |  record: RecordCodec, or a dead letter if Kafka cannot hold it
 *                          v
 *                        Kafka
 *                          |  stored: acks=all                                     (Kafka's producer thread)
 *  broker &lt;--PUBACK---- Received
 * </pre>
 *
 * Each message leaves the path once: stored, dropped (counted, acknowledged), or released, which leaves it to the
 * broker.
 */
final class IngestPath implements MqttSource.Intake {
    /** Memory of a message besides its bytes: the objects that hold it, here and in the clients. */
    private static final int OVERHEAD = 256;

    private static final byte[] NO_PAYLOAD = new byte[0];

    private final Parts parts;
    private final RouteMeters meters;
    private final String topic;
    private final String deadTopic;
    private final Unacked.Share share;
    private final RouteReadLimit readLimit;

    /** Replaced as a whole when the configuration changes. A message uses the value at its arrival. */
    private volatile Takes takes;

    /** The parts that all routes share. */
    record Parts(
            RecordWriter writer,
            Memory memory,
            RecordCodec codec,
            RelayIds ids,
            Clock clock,
            DropLog dropLog,
            Supplier<@Nullable RelayHop> ownHop) {}

    /** The memory of all messages, and the size limit of one message. */
    record Memory(Unacked unacked, long maxMessage) {}

    IngestPath(Route route, Parts parts, TopicNames names, RouteMeters meters) {
        this.takes = Takes.of(route);
        this.parts = parts;
        this.meters = meters;
        this.topic = names.messages(route.appId());
        this.deadTopic = names.dead(route.appId());
        this.share = parts.memory().unacked().open(route.appId());
        this.readLimit = new RouteReadLimit(share, parts.memory().maxMessage(), this::skipped);
    }

    /** Closes the path after the route's last connection has ended. */
    @CalledOn("ingest-control")
    void close() {
        share.close();
    }

    @Override
    public ReadLimit readLimit() {
        return readLimit;
    }

    /**
     * Applies a changed route with the same app and name. Messages of the previous filters are accepted until the
     * broker has removed these filters.
     */
    @CalledOn("ingest-control")
    void change(Route next) {
        takes = takes.change(next);
    }

    @Override
    @CalledOn("ingest-control")
    public void othersGone() {
        takes = takes.othersGone();
    }

    @Override
    @CalledOn("ingest-mqtt-n")
    public void accept(Received received) {
        Takes now = takes;
        Route route = now.route();
        Publish publish = received.publish();
        meters.received();
        if (publish.retain() && !route.broker().deliverRetained()) {
            drop(received, RouteMeters.Dropped.RETAINED);
        } else if (RelayHop.isLoop(publish.userProperties(), parts.ownHop().get())) {
            parts.dropLog().loop(route.name(), publish.topic());
            drop(received, RouteMeters.Dropped.LOOP);
        } else if (publish.unreadable() == null && !now.matches(publish.topic())) {
            matchesNone(received, now);
        } else {
            take(received, route);
        }
    }

    private void matchesNone(Received received, Takes now) {
        String topic = received.publish().topic();
        boolean removed = now.wasRemoved(topic);
        parts.dropLog().noFilter(now.route().name(), topic, removed);
        if (removed) {
            drop(received, RouteMeters.Dropped.NO_FILTER);
        } else {
            take(received, now.route());
        }
    }

    private void take(Received received, Route route) {
        long size = size(received.publish());
        share.take(received.publish().qos(), size);
        parts.writer().write(new InFlight(received, route, size));
    }

    private void drop(Received received, RouteMeters.Dropped reason) {
        meters.dropped(reason);
        int qos = received.publish().qos();
        long size = size(received.publish());
        share.take(qos, size);
        received.acknowledge(() -> share.settled(qos, size));
    }

    private static long size(Publish publish) {
        return OVERHEAD + publish.size() + 2L * publish.topic().length() + PropertyBytes.of(publish);
    }

    @Override
    public void missed(Publish publish) {
        skipped();
    }

    private void skipped() {
        meters.received();
        meters.dropped(RouteMeters.Dropped.QOS0_OVERLOAD);
        parts.dropLog().qos0(takes.route().name());
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

        @SuppressWarnings("NullAway") // NullAway does not see in a class file that the array may be null
        private RelayMessage message(byte[] payload) {
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
                    payload);
        }

        /** The message without its payload. A payload is copied as late as possible, and never for a dead letter. */
        private RelayMessage withoutPayload() {
            return message(NO_PAYLOAD);
        }

        @Override
        public String appId() {
            return route.appId();
        }

        @Override
        @CalledOn("ingest-writer")
        public long bytes() {
            TooLarge dead = tooLarge;
            return dead == null ? size : Math.min(size, dead.bytes());
        }

        @Override
        public byte[] key() {
            return RecordCodec.keyText(route.appId(), received.publish().topic(), route.ordering())
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        @CalledOn("ingest-writer")
        public boolean isDeadLetter() {
            if (tooLarge == null) {
                tooLarge = isTooLarge();
            }
            return tooLarge != null || received.publish().unreadable() != null;
        }

        @Override
        public ProducerRecord<byte[], byte[]> record() {
            return tooLarge == null
                    ? encode(message(received.publish().payloadBytes()))
                    : tooLarge.record(parts.codec(), deadTopic, parts.clock().millis());
        }

        private @Nullable TooLarge isTooLarge() {
            ByteBuffer payload = received.publish().payload();
            CutPayload cut = CutPayload.of(payload);
            if (cut != null) {
                return TooLarge.cut(withoutPayload(), cut);
            }
            return PropertyBytes.hasNone(received.publish()) ? null : TooLarge.byProperties(withoutPayload(), payload);
        }

        private ProducerRecord<byte[], byte[]> encode(RelayMessage message) {
            String why = received.publish().unreadable();
            return why == null
                    ? parts.codec().encode(message, route.ordering(), topic)
                    : Unreadable.record(
                            parts.codec(),
                            message,
                            why,
                            deadTopic,
                            parts.clock().millis());
        }

        @Override
        @CalledOn("ingest-writer")
        public boolean shrink(String why) {
            tooLarge = tooLarge == null
                    ? TooLarge.byKafka(withoutPayload(), received.publish().payload(), why)
                    : tooLarge.smaller();
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
            Publish publish = received.publish();
            String why = publish.unreadable();
            if (tooLarge != null) {
                meters.dropped(RouteMeters.Dropped.TOO_LARGE);
                parts.dropLog().tooLarge(route.name(), id, publish.topic(), tooLarge.size(), deadTopic);
            } else if (why != null) {
                meters.undecodable();
                parts.dropLog().unreadable(route.name(), id, why, deadTopic);
            } else {
                meters.stored();
            }
            received.acknowledge(this::forgotten);
        }

        @Override
        public void released() {
            meters.released();
            received.release(this::forgotten);
        }

        @Override
        public void dropped(String why) {
            parts.dropLog()
                    .lost(
                            route.name(),
                            id,
                            received.publish().topic(),
                            received.publish().size(),
                            why);
            meters.dropped(RouteMeters.Dropped.FAILED);
            received.acknowledge(this::forgotten);
        }

        /** Returns the message's memory: its payload is not referenced any more. */
        private void forgotten() {
            share.settled(received.publish().qos(), size);
        }
    }
}
