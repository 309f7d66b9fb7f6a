package io.mqttrelay.faults;

import io.mqttrelay.testkit.guarantee.OffsetsNeverPass.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Looks at the committed offsets of a group all the time, on a thread of its own. */
final class OffsetWatch implements AutoCloseable {
    private static final int PERIOD_MILLIS = 250;
    private static final int TIMEOUT_SECONDS = 5;

    private final Admin admin;
    private final String group;
    private final Thread thread = new Thread(this::run, "offset-watch");
    private final List<Sample> samples = new ArrayList<>();
    private volatile boolean stopping;

    private OffsetWatch(String bootstrapServers, String group) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.group = group;
        thread.setDaemon(true);
    }

    static OffsetWatch start(String bootstrapServers, String group) {
        OffsetWatch watch = new OffsetWatch(bootstrapServers, group);
        watch.thread.start();
        return watch;
    }

    private void run() {
        while (!stopping) {
            try {
                Thread.sleep(PERIOD_MILLIS);
                Map<TopicPartition, OffsetAndMetadata> committed = committed();
                long now = System.nanoTime();
                synchronized (samples) {
                    committed.forEach(
                            (partition, offset) -> samples.add(new Sample(partition.toString(), offset.offset(), now)));
                }
            } catch (ExecutionException | TimeoutException e) {
                // the cluster is what is broken just now
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed()
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        committed.values().removeIf(offset -> offset == null);
        return committed;
    }

    /** Somebody sets the offsets by hand now: what it saw before is forgotten. */
    void forget() {
        synchronized (samples) {
            samples.clear();
        }
    }

    /** What it saw. */
    List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    /** Records of a topic that the group has not done; negative: Kafka does not say. */
    long lag(String topic) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = committed();
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(topic)
                    .partitions()
                    .forEach(partition ->
                            latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
            long lag = 0;
            for (var end : admin.listOffsets(latest)
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .entrySet()) {
                OffsetAndMetadata position = committed.get(end.getKey());
                lag += end.getValue().offset() - (position == null ? 0 : position.offset());
            }
            return lag;
        } catch (ExecutionException | TimeoutException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        admin.close(Duration.ofSeconds(TIMEOUT_SECONDS));
    }
}
