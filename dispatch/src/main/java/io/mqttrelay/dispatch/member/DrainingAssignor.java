package io.mqttrelay.dispatch.member;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Assigns partitions like Kafka's cooperative sticky assignor, but moves no partition that its owner reports as busy.
 * The owner keeps the partition, is told to drain it, and requests another rebalance when it is drained. So no
 * rebalance waits for a call in flight: only the moving partition waits, not the group (decision 072).
 *
 * <p>Its name and the beginning of its data are those of Kafka's assignor. A member or leader of an earlier version can
 * read them, has no busy partitions, and tells no member to drain. Kafka's client makes the object; it belongs to the
 * consumer thread.
 */
public final class DrainingAssignor extends CooperativeStickyAssignor implements Configurable {
    /** The client setting that holds the {@link Member}. */
    public static final String MEMBER = "relay.group.member";

    /** The consumer that the assignor belongs to. */
    public interface Member {
        /** Its partitions that cannot be given away at once. */
        Set<TopicPartition> busy();

        /** A rebalance is over: these partitions, and no others, are to be drained. */
        void drain(Set<TopicPartition> partitions);
    }

    private @Nullable Member member;

    @Override
    public void configure(Map<String, ?> settings) {
        if (settings.get(MEMBER) instanceof MemberReference reference) {
            member = reference;
        }
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        ByteBuffer generation = super.subscriptionUserData(topics);
        return member == null ? generation : PartitionList.append(generation, member.busy());
    }

    @Override
    public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
        super.onAssignment(assignment, metadata);
        follow(assignment);
    }

    /** Tells the consumer which partitions the leader wants to have drained. */
    void follow(Assignment assignment) {
        if (member != null) {
            member.drain(PartitionList.read(assignment.userData(), 0));
        }
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
        Map<String, Set<TopicPartition>> busy = new HashMap<>();
        group.groupSubscription()
                .forEach((id, subscription) ->
                        busy.put(id, PartitionList.read(subscription.userData(), PartitionList.BEHIND_GENERATION)));
        Map<String, Assignment> assigned =
                new HashMap<>(super.assign(cluster, group).groupAssignment());
        Set<TopicPartition> taken = new HashSet<>();
        assigned.values().forEach(each -> taken.addAll(each.partitions()));
        group.groupSubscription().forEach((id, subscription) -> {
            Set<TopicPartition> drain = new HashSet<>(busy.getOrDefault(id, Set.of()));
            drain.retainAll(subscription.ownedPartitions());
            drain.removeIf(partition -> taken.contains(partition)
                    || !subscription.topics().contains(partition.topic())
                    || cluster.partition(partition) == null);
            Assignment its = assigned.get(id);
            if (its != null && !drain.isEmpty()) {
                List<TopicPartition> kept = new ArrayList<>(its.partitions());
                kept.addAll(drain);
                taken.addAll(drain);
                assigned.put(id, new Assignment(kept, PartitionList.append(ByteBuffer.allocate(0), drain)));
            }
        });
        return new GroupAssignment(assigned);
    }
}
