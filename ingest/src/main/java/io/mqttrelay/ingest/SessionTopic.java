package io.mqttrelay.ingest;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.kafka.TopicLink;
import io.mqttrelay.common.topic.TopicPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Stores {@link RememberedSessions} in a compacted topic: a record's key is the client id, its value the brokers'
 * addresses.
 */
final class SessionTopic implements RememberedSessions.Store {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int FETCH_BYTES = 1024 * 1024;
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaClients clients;
    private final TopicLink kafka;
    private final TopicPlan plan;
    private final String topic;

    SessionTopic(KafkaClients clients, TopicLink kafka, TopicPlan plan, String topic) {
        this.clients = clients;
        this.kafka = kafka;
        this.plan = plan;
        this.topic = topic;
    }

    @Override
    public Map<String, String> read() throws InterruptedException {
        kafka.isThere(plan.sessions(topic), true);
        Map<String, String> sessions = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = clients.reader("sessions", FETCH_BYTES)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition, PATIENCE) < end) {
                if (System.nanoTime() - deadline > 0) {
                    throw new KafkaException("topic " + topic + " could not be read to its end in time");
                }
                consumer.poll(POLL).forEach(record -> apply(record, sessions));
            }
        }
        return sessions;
    }

    private static void apply(ConsumerRecord<byte[], byte[]> record, Map<String, String> sessions) {
        if (record.key() == null) {
            return;
        }
        String clientId = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            sessions.remove(clientId);
        } else {
            sessions.put(clientId, new String(record.value(), StandardCharsets.UTF_8));
        }
    }

    /** Writes with a new producer each time, because sessions change rarely. */
    @Override
    public void write(Map<String, @Nullable String> changes) throws InterruptedException {
        Producer<byte[], byte[]> producer = clients.producer("sessions");
        try {
            for (Map.Entry<String, @Nullable String> each : changes.entrySet()) {
                await(producer.send(new ProducerRecord<>(topic, utf8(each.getKey()), utf8(each.getValue()))));
            }
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    @SuppressWarnings("NullAway") // a record may have no value
    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static void await(Future<?> done) throws InterruptedException {
        try {
            done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new KafkaException(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka did not answer within " + PATIENCE.toSeconds() + " s", e);
        }
    }
}
