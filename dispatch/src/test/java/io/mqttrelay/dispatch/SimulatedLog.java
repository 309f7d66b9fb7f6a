package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.testkit.fakekafka.FakeKafka;
import io.mqttrelay.testkit.fakekafka.FakeLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** The records of the simulated app's topic: messages of several routes, gaps, excluded ones and poison. */
final class SimulatedLog {
    static final int PARTITIONS = 2;
    private static final String TOPIC = "d.app";

    /** @param addresses that must get it */
    record Logged(TopicPartition partition, long offset, String id, String topic, List<String> addresses) {}

    private final Random random;
    private final List<Route> routes;
    private final FakeKafka kafka;
    private final SimulatedCallbacks callbacks;
    private final RecordCodec codec = new RecordCodec();
    private final List<List<Logged>> logged = new ArrayList<>();
    private int written;

    SimulatedLog(Random random, List<Route> routes, FakeKafka kafka, SimulatedCallbacks callbacks) {
        this.random = random;
        this.routes = routes;
        this.kafka = kafka;
        this.callbacks = callbacks;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            logged.add(new ArrayList<>());
        }
    }

    /** Writes one more message of any route, key and kind. */
    void write() {
        Route route = routes.get(random.nextInt(routes.size()));
        int key = random.nextInt(5);
        String topic = random.nextInt(10) == 0 ? "excluded/" + key : "t/" + key;
        TopicPartition partition = partition(route.ordering() == Ordering.APP ? 0 : key % PARTITIONS);
        boolean poison = random.nextInt(20) == 0;
        RelayMessage message = message("m" + written++, route.name(), topic);
        ProducerRecord<byte[], byte[]> encoded = codec.encode(message, route.ordering(), TOPIC);
        if (poison) {
            encoded.headers().remove("mqtt-qos");
        }
        boolean nowhere = poison || topic.startsWith("excluded");
        List<String> addresses = nowhere
                ? List.of()
                : route.destinations().stream().map(Destination::id).toList();
        FakeLog log = kafka.log(partition);
        long offset = log.end();
        for (String address : addresses) {
            callbacks.expect(address, message.id(), partition, offset, sequence(route, topic), route);
        }
        log.append(consumed(encoded, partition.partition(), offset));
        log.appendGap(random.nextInt(3));
        logged.get(partition.partition()).add(new Logged(partition, offset, message.id(), topic, addresses));
    }

    /** The MQTT topic of the record at this offset. */
    String topic(int partition, long offset) {
        return logged.get(partition).stream()
                .filter(each -> each.offset() == offset)
                .findFirst()
                .orElseThrow()
                .topic();
    }

    /** Messages so far. */
    int written() {
        return written;
    }

    static TopicPartition partition(int number) {
        return new TopicPartition(TOPIC, number);
    }

    static List<TopicPartition> partitions() {
        return IntStream.range(0, PARTITIONS).mapToObj(SimulatedLog::partition).toList();
    }

    private static @Nullable String sequence(Route route, String topic) {
        return switch (route.ordering()) {
            case TOPIC -> topic;
            case APP -> route.name();
            case NONE -> null;
        };
    }

    private static RelayMessage message(String id, String route, String topic) {
        return new RelayMessage(
                id,
                "app",
                route,
                0,
                topic,
                1,
                false,
                null,
                null,
                null,
                null,
                List.of(),
                id.getBytes(StandardCharsets.UTF_8));
    }

    /** Converts a written record to the form in which the consumer returns it. */
    static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record, int partition, long offset) {
        return new ConsumerRecord<>(
                record.topic(),
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                record.key().length,
                record.value().length,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }

    /** All written messages, deleted or not. */
    List<Logged> written(int partition) {
        return logged.get(partition);
    }

    long beginning(int partition) {
        return kafka.log(partition(partition)).beginning();
    }

    /** The end offset. */
    long end(int partition) {
        List<Logged> all = written(partition);
        return all.isEmpty() ? 0 : all.get(all.size() - 1).offset() + 1;
    }

    /** Lets retention delete everything before this offset. */
    void delete(int partition, long offset) {
        kafka.log(partition(partition)).deleteBefore(offset);
    }
}
