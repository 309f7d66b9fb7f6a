package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Ordering;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** What lies in the simulated app's topic: messages of several routes, gaps, excluded ones and poison. */
final class SimulatedLog {
    static final int PARTITIONS = 2;
    private static final int MESSAGES = 40;

    /** @param addresses that must get it */
    record Logged(ConsumerRecord<byte[], byte[]> record, String id, List<String> addresses) {
        long offset() {
            return record.offset();
        }
    }

    private final List<List<Logged>> logged = new ArrayList<>();
    private final List<List<ConsumerRecord<byte[], byte[]>>> records = new ArrayList<>();
    private final long[] beginnings = new long[PARTITIONS];

    SimulatedLog(Random random, List<Route> routes, SimulatedCallbacks callbacks) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            logged.add(new ArrayList<>());
            records.add(new ArrayList<>());
        }
        RecordCodec codec = new RecordCodec();
        long[] offsets = new long[PARTITIONS];
        for (int i = 0; i < MESSAGES; i++) {
            Route route = routes.get(random.nextInt(routes.size()));
            int key = random.nextInt(5);
            String topic = random.nextInt(10) == 0 ? "excluded/" + key : "t/" + key;
            int partition = route.ordering() == Ordering.APP ? 0 : key % PARTITIONS;
            boolean poison = random.nextInt(20) == 0;
            RelayMessage message = message("m" + i, route.name(), topic);
            ProducerRecord<byte[], byte[]> encoded = codec.encode(message, route.ordering(), "d.app");
            if (poison) {
                encoded.headers().remove("mqtt-qos");
            }
            offsets[partition] += 1 + random.nextInt(3);
            boolean nowhere = poison || topic.startsWith("excluded");
            List<String> addresses = nowhere
                    ? List.of()
                    : route.addresses().stream().map(Address::id).toList();
            add(new Logged(consumed(encoded, partition, offsets[partition]), message.id(), addresses));
            for (String address : addresses) {
                callbacks.expect(address, message.id(), partition, sequence(route, topic), route.retry());
            }
        }
    }

    private void add(Logged one) {
        logged.get(one.record().partition()).add(one);
        records.get(one.record().partition()).add(one.record());
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

    /** As the consumer brings what ingest has written. */
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

    /** What is there to be read, with what retention has deleted left out. */
    List<ConsumerRecord<byte[], byte[]>> records(int partition) {
        return records.get(partition);
    }

    /** What was written, whether it is still there or not. */
    List<Logged> written(int partition) {
        return logged.get(partition);
    }

    long beginning(int partition) {
        return beginnings[partition];
    }

    /** The offset behind the last record; 0: there is none. */
    long end(int partition) {
        List<Logged> all = logged.get(partition);
        return all.isEmpty() ? 0 : all.get(all.size() - 1).offset() + 1;
    }

    /** Retention deletes everything before this offset. */
    void delete(int partition, long offset) {
        beginnings[partition] = Math.max(beginnings[partition], offset);
        records.get(partition).removeIf(record -> record.offset() < offset);
    }
}
