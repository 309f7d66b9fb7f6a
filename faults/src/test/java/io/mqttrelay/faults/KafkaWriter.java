package io.mqttrelay.faults;

import io.mqttrelay.testkit.guarantee.TestMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records like {@code ingest}, for rows that need them without an MQTT broker in between. */
final class KafkaWriter implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 30;

    private final KafkaProducer<byte[], byte[]> producer;

    KafkaWriter(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "compression.type",
                        "lz4",
                        "max.request.size",
                        16 << 20,
                        "buffer.memory",
                        64L << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Writes one record of an app and route of this name, in its own batch; the producer chooses the partition. */
    void write(String kafkaTopic, String app, String mqttTopic, byte[] payload) {
        write(kafkaTopic, null, app, mqttTopic, payload);
    }

    /** Writes the record to this partition. */
    void write(String kafkaTopic, Integer partition, String app, String mqttTopic, byte[] payload) {
        String now = Long.toString(System.currentTimeMillis());
        List<Header> headers = List.of(
                header("relay-id", TestMessage.next().id()),
                header("relay-app-id", app),
                header("relay-client-id", app),
                header("relay-received-at", now),
                header("mqtt-topic", mqttTopic),
                header("mqtt-qos", "1"),
                header("mqtt-retain", "false"));
        try {
            producer.send(new ProducerRecord<>(kafkaTopic, partition, utf8(app + "/" + mqttTopic), payload, headers))
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a record of the test could not be written", e);
        }
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, utf8(value));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
