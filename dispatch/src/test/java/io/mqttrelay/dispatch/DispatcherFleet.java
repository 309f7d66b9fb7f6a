package io.mqttrelay.dispatch;

import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.testkit.http.CountingCallback;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Dispatchers of one group, as processes, that deliver the messages of one app; and the lag of the group. */
final class DispatcherFleet implements AutoCloseable {
    static final int PARTITIONS = 12;

    private static final String APP = SequencedRecords.APP;

    private final String bootstrapServers;
    private final Path folder;
    private final String prefix = TestTopics.uniqueName("p");
    private final TopicNames names = new TopicNames(prefix);
    private final List<DispatcherProcess> dispatchers = new ArrayList<>();

    /** Makes the app's topic; {@code folder} is for the files of the processes. */
    DispatcherFleet(String bootstrapServers, Path folder) {
        this.bootstrapServers = bootstrapServers;
        this.folder = folder;
        TestTopics.create(bootstrapServers, names.messages(APP), PARTITIONS, Map.of());
    }

    /**
     * The settings of its dispatchers.
     *
     * @param route more keys of the app's route, each {@code "key": value}
     * @param dispatch more keys of {@code dispatch}
     * @param consumer keys of {@code kafka.consumer}
     * @param jvm options such as {@code -Xmx128m}
     */
    record Settings(
            List<CountingCallback> callbacks,
            List<String> route,
            List<String> dispatch,
            List<String> consumer,
            List<String> jvm) {
        /** Replaces a dead dispatcher sooner, but not one that a busy machine delays for a few seconds. */
        static final List<String> QUICK = List.of("\"session.timeout.ms\": 6000", "\"heartbeat.interval.ms\": 500");
    }

    SequencedRecords records(int topics, int bytes) {
        return new SequencedRecords(bootstrapServers, names.messages(APP), topics, bytes);
    }

    /** Starts another dispatcher and waits until it is a member of the group. */
    DispatcherProcess join(Settings settings) {
        DispatcherProcess dispatcher = DispatcherProcess.start(
                folder,
                prefix + "-" + (dispatchers.size() + 1),
                configuration(settings),
                settings.jvm().toArray(String[]::new));
        dispatchers.add(dispatcher);
        return dispatcher.ready();
    }

    private String configuration(Settings settings) {
        String urls = settings.callbacks().stream()
                .map(callback -> '"' + callback.url() + '"')
                .collect(Collectors.joining(", "));
        return """
                {"mqtt_brokers": [{"client_id": "%s", "broker_ip": "localhost", "sub_deal_config": {"app_id": "%s",
                   "callbackAddress": [%s], "subTopic": {"topic": "t/#", "qos": 1}%s}}],
                 "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s", "partitions": %d, "consumer": {%s}},
                 "dispatch": {"group_id": "%s"%s}, "admin": {"dispatch_port": 0}}
                """.formatted(
                        SequencedRecords.ROUTE,
                        APP,
                        urls,
                        following(settings.route()),
                        bootstrapServers,
                        prefix,
                        PARTITIONS,
                        String.join(", ", settings.consumer()),
                        prefix,
                        following(settings.dispatch()));
    }

    private static String following(List<String> keys) {
        return keys.stream().map(key -> ", " + key).collect(Collectors.joining());
    }

    /** The lag of the group in each partition that has one. */
    Map<Integer, Long> lag() {
        Map<TopicPartition, OffsetAndMetadata> committed = new KafkaRecords(bootstrapServers).committed(prefix);
        Map<Integer, Long> lag = new TreeMap<>();
        ends(names.messages(APP)).forEach((partition, end) -> {
            OffsetAndMetadata position = committed.get(partition);
            long left = end - (position == null ? 0 : position.offset());
            if (left > 0) {
                lag.put(partition.partition(), left);
            }
        });
        return lag;
    }

    /** Waits until the group has no lag in any partition. */
    void awaitNoLag(Duration atMost) {
        await().atMost(atMost).untilAsserted(() -> {
            Map<Integer, Long> left = lag();
            if (!left.isEmpty()) {
                throw new AssertionError("not done, by partition: " + left);
            }
        });
    }

    /** Dead letters ever written. */
    long dead() {
        return ends(names.dead(APP)).values().stream().mapToLong(end -> end).sum();
    }

    private Map<TopicPartition, Long> ends(String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
            Map<TopicPartition, Long> ends = new HashMap<>();
            admin.listOffsets(wanted).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read the ends of " + topic, e);
        }
    }

    /** Ends them all at once. */
    @Override
    public void close() {
        dispatchers.forEach(DispatcherProcess::close);
    }
}
