package io.mqttrelay.ingest;

import io.mqttrelay.ingest.write.RecordWriter;
import io.mqttrelay.ingest.write.TopicKeeper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Asks Kafka which partitions accept records: those with a leader and at least {@code min.insync.replicas} replicas
 * in sync.
 */
final class PartitionHealth implements TopicKeeper.Examiner {
    private static final Logger LOG = LogManager.getLogger(PartitionHealth.class);
    private static final long PATIENCE_SECONDS = 5;

    private final Supplier<Admin> client;

    /** @param client the open client, or a {@link KafkaException} */
    PartitionHealth(Supplier<Admin> client) {
        this.client = client;
    }

    /**
     * The partitions of this list that accept records. For a suspect without a partition, all partitions of its topic
     * must.
     */
    @Override
    public Set<RecordWriter.Suspect> healthy(List<RecordWriter.Suspect> suspects) throws InterruptedException {
        try {
            return healthy(client.get(), suspects);
        } catch (KafkaException e) {
            LOG.debug("no partition is known to be healthy", e);
            return Set.of();
        }
    }

    private static Set<RecordWriter.Suspect> healthy(Admin admin, List<RecordWriter.Suspect> suspects)
            throws InterruptedException {
        Set<String> topics = new HashSet<>();
        suspects.forEach(suspect -> topics.add(suspect.topic()));
        Map<String, TopicDescription> descriptions =
                known(admin.describeTopics(topics).topicNameValues());
        Map<String, Integer> wanted = replicasWanted(admin, topics);
        Set<RecordWriter.Suspect> healthy = new HashSet<>();
        for (RecordWriter.Suspect suspect : suspects) {
            TopicDescription topic = descriptions.get(suspect.topic());
            Integer least = wanted.get(suspect.topic());
            if (topic != null && least != null && isHealthy(topic, suspect.partition(), least)) {
                healthy.add(suspect);
            }
        }
        return healthy;
    }

    /** Whether the partition, or for a negative one all of them, accepts records. A missing partition does not. */
    static boolean isHealthy(TopicDescription topic, int partition, int least) {
        List<TopicPartitionInfo> asked = topic.partitions().stream()
                .filter(each -> partition < 0 || each.partition() == partition)
                .toList();
        return !asked.isEmpty()
                && asked.stream().allMatch(each -> hasLeader(each) && each.isr().size() >= least);
    }

    @SuppressWarnings("NullAway") // the leader may be null, which Kafka's class does not declare
    private static boolean hasLeader(TopicPartitionInfo partition) {
        Node leader = partition.leader();
        return leader != null && !leader.isEmpty();
    }

    private static Map<String, Integer> replicasWanted(Admin admin, Set<String> topics) throws InterruptedException {
        List<ConfigResource> resources = new ArrayList<>();
        topics.forEach(topic -> resources.add(new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        Map<String, Integer> wanted = new HashMap<>();
        for (Map.Entry<ConfigResource, Config> each :
                known(admin.describeConfigs(resources).values()).entrySet()) {
            ConfigEntry entry = each.getValue().get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
            wanted.put(each.getKey().name(), entry == null ? 1 : Integer.parseInt(entry.value()));
        }
        return wanted;
    }

    /** The answers that arrive in time. */
    private static <K, V> Map<K, V> known(Map<K, KafkaFuture<V>> futures) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Map<K, V> known = new HashMap<>();
        for (Map.Entry<K, KafkaFuture<V>> each : futures.entrySet()) {
            try {
                long left = Math.max(0, deadline - System.nanoTime());
                known.put(each.getKey(), each.getValue().get(left, TimeUnit.NANOSECONDS));
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("{} is not known to be healthy", each.getKey(), e);
            }
        }
        return known;
    }
}
