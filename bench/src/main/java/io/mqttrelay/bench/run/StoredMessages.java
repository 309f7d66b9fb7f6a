package io.mqttrelay.bench.run;

import io.mqttrelay.bench.callback.CallbackStats;
import io.mqttrelay.bench.wire.BenchMessage;
import io.mqttrelay.bench.wire.Checklist;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The messages of one Kafka topic. */
final class StoredMessages {
    private static final int TIMEOUT_SECONDS = 30;
    private static final int POLL = 10_000;
    private static final Duration WAIT = Duration.ofMillis(500);

    private final String bootstrapServers;
    private final Admin admin;
    private final List<TopicPartition> partitions;

    StoredMessages(Stage stage, String topic, int partitions) {
        this.bootstrapServers = stage.bootstrapServers();
        this.admin = stage.admin();
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** The number of messages, from the end offsets. */
    long count() {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        return answer(admin.listOffsets(asked).all()).values().stream()
                .mapToLong(each -> each.offset())
                .sum();
    }

    /** Bytes of the topic on Kafka's disk, without indexes. */
    long bytes() {
        int broker = answer(admin.describeCluster().controller()).id();
        return answer(admin.describeLogDirs(List.of(broker)).allDescriptions()).values().stream()
                .flatMap(folders -> folders.values().stream())
                .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                .filter(each -> partitions.contains(each.getKey()))
                .mapToLong(each -> each.getValue().size())
                .sum();
    }

    private static <T> T answer(KafkaFuture<T> asked) {
        try {
            return asked.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka does not say how far its topic is", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Reads all messages, and counts repeated and reordered ones. */
    CallbackStats.Account account(int expected, int topics) {
        Checklist checklist = new Checklist(expected, topics);
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long wanted = count();
            long read = 0;
            while (read < wanted) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
                    read++;
                    byte[] payload = record.value();
                    BenchMessage.findAll(
                            payload,
                            0,
                            payload.length,
                            (number, topic, sequence, micros) -> checklist.came(number, topic, sequence));
                }
            }
        }
        return new CallbackStats.Account(0, checklist.distinct(), checklist.duplicates(), checklist.disorders());
    }
}
