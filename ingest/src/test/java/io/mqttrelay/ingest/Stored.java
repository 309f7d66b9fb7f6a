package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.Decoded;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;

/** The messages that ingest has stored for an app, compared with those that a publisher has sent. */
final class Stored {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaRecords kafka;
    private final String topic;

    Stored(String bootstrapServers, String appId) {
        this.kafka = new KafkaRecords(bootstrapServers);
        this.topic = "relay." + appId;
    }

    List<ConsumerRecord<byte[], byte[]>> await(int count) {
        return await(topic, records -> records.size() >= count, count + " records");
    }

    /** Also works while the topic is being created. */
    private List<ConsumerRecord<byte[], byte[]>> await(
            String from, Predicate<List<ConsumerRecord<byte[], byte[]>>> wanted, String what) {
        AtomicReference<List<ConsumerRecord<byte[], byte[]>>> found = new AtomicReference<>();
        Awaitility.await(from)
                .atMost(PATIENCE.multipliedBy(2))
                .ignoreExceptionsMatching(IllegalStateException.class::isInstance)
                .until(() -> {
                    found.set(kafka.await(from, wanted, what, PATIENCE));
                    return true;
                });
        return found.get();
    }

    List<RelayMessage> messages(int count) {
        return await(count).stream().map(Stored::message).toList();
    }

    static RelayMessage message(ConsumerRecord<byte[], byte[]> record) {
        Decoded decoded = new RecordCodec().decode(record);
        assertThat(decoded).isInstanceOf(Decoded.Message.class);
        return ((Decoded.Message) decoded).message();
    }

    List<ConsumerRecord<byte[], byte[]>> all() {
        return kafka.all(topic);
    }

    List<ConsumerRecord<byte[], byte[]>> awaitDead(int count) {
        return await(topic + ".dead", records -> records.size() >= count, count + " dead letters");
    }

    /** Waits until each of these messages is stored, and returns the number of repeated records. */
    int awaitAll(Collection<Sent> sent) {
        Set<String> wanted = new HashSet<>();
        sent.forEach(each -> wanted.add(each.id()));
        List<ConsumerRecord<byte[], byte[]>> records =
                await(topic, found -> ids(found).containsAll(wanted), "every message");
        return records.size() - ids(records).size();
    }

    /** Asserts that each MQTT topic's messages are first stored in the order of sending. */
    void assertInOrder(Collection<Sent> sent) {
        Map<String, List<String>> expected = new HashMap<>();
        sent.forEach(each ->
                expected.computeIfAbsent(each.topic(), t -> new ArrayList<>()).add(each.id()));
        Map<String, Set<String>> found = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : all()) {
            found.computeIfAbsent(message(record).topic(), t -> new LinkedHashSet<>())
                    .add(TestMessage.idIn(record.value()));
        }
        expected.forEach((mqttTopic, ids) -> assertThat(found.get(mqttTopic)).containsExactlyElementsOf(ids));
    }

    private static Set<String> ids(List<ConsumerRecord<byte[], byte[]>> records) {
        Set<String> ids = new HashSet<>();
        records.forEach(record -> ids.add(TestMessage.idIn(record.value())));
        return ids;
    }
}
