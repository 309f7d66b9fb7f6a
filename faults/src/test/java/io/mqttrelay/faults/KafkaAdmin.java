package io.mqttrelay.faults;

import io.mqttrelay.faults.KafkaCluster.Listener;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/** Changes that an operator makes to a cluster by hand. Belongs to the test's thread. */
final class KafkaAdmin implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 30;

    private final Admin admin;

    private KafkaAdmin(Admin admin) {
        this.admin = admin;
    }

    static KafkaAdmin of(KafkaCluster kafka) {
        return of(kafka.bootstrapServers(Listener.DIRECT));
    }

    static KafkaAdmin of(String bootstrapServers) {
        return new KafkaAdmin(Admin.create(Map.of("bootstrap.servers", bootstrapServers)));
    }

    /** Makes a topic with a single copy of its records. */
    void create(String topic, int partitions, Map<String, String> settings) {
        await(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                .all());
    }

    /** Forbids {@code user} this operation on a topic; all others stay allowed. */
    void forbid(String user, String topic, AclOperation operation) {
        await(admin.createAcls(List.of(
                        acl(user, topic, AclOperation.ALL, AclPermissionType.ALLOW),
                        acl(user, topic, operation, AclPermissionType.DENY)))
                .all());
    }

    /** Takes back the ban on a topic. */
    void permit(String user, String topic) {
        await(admin.deleteAcls(List.of(acl(user, topic, AclOperation.ALL, AclPermissionType.ALLOW)
                        .toFilter()))
                .all());
        await(admin.deleteAcls(List.of(new AclBindingFilter(
                        new ResourcePatternFilter(ResourceType.TOPIC, topic, PatternType.LITERAL),
                        new AccessControlEntryFilter("User:" + user, "*", AclOperation.ANY, AclPermissionType.DENY))))
                .all());
    }

    private static AclBinding acl(String user, String topic, AclOperation operation, AclPermissionType type) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, type));
    }

    /** Sets these keys of a topic. */
    void configure(String topic, Map<String, String> settings) {
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(each ->
                        new AlterConfigOp(new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        await(admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
                .all());
    }

    /** The log start offsets of a topic's partitions, added up. */
    long firstOffsets(String topic) {
        return offsets(topic, OffsetSpec.earliest()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The end offsets of a topic's partitions. */
    Map<TopicPartition, Long> lastOffsets(String topic) {
        return offsets(topic, OffsetSpec.latest());
    }

    private Map<TopicPartition, Long> offsets(String topic, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < partitions(topic); partition++) {
            asked.put(new TopicPartition(topic, partition), which);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        await(admin.listOffsets(asked).all()).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    int partitions(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions()
                .size();
    }

    /** Raises the number of partitions to this total. */
    void addPartitions(String topic, int partitions) {
        await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all());
    }

    /** Deletes the topic and recreates it at once. */
    void replace(String topic, int partitions) {
        delete(topic);
        Pause.until(Duration.ofSeconds(TIMEOUT_SECONDS), () -> {
            try {
                await(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) KafkaCluster.NODES)))
                        .all());
                return true;
            } catch (IllegalStateException e) {
                return false; // the old one is not quite gone
            }
        });
    }

    void delete(String topic) {
        await(admin.deleteTopics(List.of(topic)).all());
    }

    /** For a group without members. */
    void deleteOffsets(String group, Set<TopicPartition> partitions) {
        await(admin.deleteConsumerGroupOffsets(group, partitions).all());
    }

    /** For a group without members. */
    void setOffsets(String group, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach((partition, offset) -> positions.put(partition, new OffsetAndMetadata(offset)));
        await(admin.alterConsumerGroupOffsets(group, positions).all());
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka does not do it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
