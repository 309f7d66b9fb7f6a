package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records like ingest, and foreign ones, with a plain producer. */
final class TestRecords implements AutoCloseable {
    private static final AtomicLong NEXT = new AtomicLong(1);

    private final RecordCodec codec = new RecordCodec();
    private final TopicNames names;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> writes = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();

    TestRecords(String bootstrapServers, String prefix) {
        this.names = new TopicNames(prefix);
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "linger.ms",
                        2,
                        "max.request.size",
                        4 << 20,
                        // with more, a partition that is just being made may store the second before the first, for
                        // good
                        "max.in.flight.requests.per.connection",
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static RelayMessage message(String appId, String route, String mqttTopic, byte[] payload) {
        return expiring(appId, route, mqttTopic, payload, null);
    }

    static RelayMessage expiring(String appId, String route, String mqttTopic, byte[] payload, Long expiresAt) {
        return new RelayMessage(
                "id-" + NEXT.getAndIncrement(),
                appId,
                route,
                System.currentTimeMillis(),
                mqttTopic,
                1,
                false,
                null,
                expiresAt,
                null,
                null,
                List.of(),
                payload);
    }

    /** A small message; {@link #flush} waits until it is stored. */
    TestMessage write(String appId, String route, String mqttTopic) {
        TestMessage message = TestMessage.next();
        write(message(appId, route, mqttTopic, message.payload()));
        return message;
    }

    void write(RelayMessage message) {
        write(codec.encode(message, Ordering.TOPIC, names.messages(message.appId())));
        sent.add(Sent.of(message.topic(), message.payload()));
    }

    /** Any record at all. */
    void write(ProducerRecord<byte[], byte[]> record) {
        writes.add(producer.send(record));
    }

    /** Makes a record like ingest, to be spoilt. */
    ProducerRecord<byte[], byte[]> record(RelayMessage message) {
        return codec.encode(message, Ordering.TOPIC, names.messages(message.appId()));
    }

    /** Waits until all records are stored. */
    List<RecordMetadata> flush() {
        producer.flush();
        List<RecordMetadata> stored = new ArrayList<>();
        try {
            for (Future<RecordMetadata> write : writes) {
                stored.add(write.get(30, TimeUnit.SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a test's record could not be written", e);
        }
        writes.clear();
        return stored;
    }

    /** Every message written so far, in order. */
    List<Sent> sent() {
        return List.copyOf(sent);
    }

    @Override
    public void close() {
        producer.close();
    }
}
