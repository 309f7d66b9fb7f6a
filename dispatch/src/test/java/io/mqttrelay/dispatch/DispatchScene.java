package io.mqttrelay.dispatch;

import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real Kafka, a real callback, and dispatchers between them, with topics and a group of the test's own. */
@ExtendWith(SharedBrokers.class)
abstract class DispatchScene {
    static final Duration PATIENCE = DispatcherUnderTest.PATIENCE;

    final EmbeddedKafka kafka;
    final String prefix = TestTopics.uniqueName("d");
    final TopicNames names = new TopicNames(prefix);
    final CallbackServer callback = CallbackServer.start();
    final TestRecords records;
    final KafkaRecords stored;
    private final Deque<DispatcherUnderTest> dispatchers = new ArrayDeque<>();

    DispatchScene(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.records = new TestRecords(kafka.bootstrapServers(), prefix);
        this.stored = new KafkaRecords(kafka.bootstrapServers());
    }

    @AfterEach
    void endAll() {
        try {
            while (!dispatchers.isEmpty()) {
                dispatchers.pop().close();
            }
        } finally {
            records.close();
            callback.close();
        }
    }

    DispatcherUnderTest.Settings settings() {
        return new DispatcherUnderTest.Settings(kafka.bootstrapServers(), prefix);
    }

    /** Starts a dispatcher and waits until it is a member of its group. */
    DispatcherUnderTest started(DispatcherUnderTest.Settings settings) {
        return starting(settings).ready();
    }

    DispatcherUnderTest starting(DispatcherUnderTest.Settings settings) {
        DispatcherUnderTest dispatcher = settings.start();
        dispatchers.push(dispatcher);
        return dispatcher;
    }

    /** Waits for this many dead letters of an app. */
    List<ConsumerRecord<byte[], byte[]>> dead(String appId, int count) {
        return stored.await(names.dead(appId), count, PATIENCE);
    }

    List<String> topicsAt(String path) {
        return callback.requests(path).stream().map(ReceivedRequest::topic).toList();
    }

    List<String> bodiesAt(String path) {
        return callback.requests(path).stream().map(ReceivedRequest::bodyText).toList();
    }

    /** The committed offsets of all partitions of the app's topic, added up; 0 if nothing is committed. */
    long committed(String appId) {
        return positions(appId).stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    /** The committed offsets of the app's topic, without its replay topic. */
    List<OffsetAndMetadata> positions(String appId) {
        List<OffsetAndMetadata> positions = new ArrayList<>();
        stored.committed(prefix).forEach((partition, position) -> {
            if (partition.topic().equals(names.messages(appId))) {
                positions.add(position);
            }
        });
        return positions;
    }

    void awaitCommitted(String appId, long sum) {
        await().atMost(PATIENCE).until(() -> committed(appId) == sum);
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
