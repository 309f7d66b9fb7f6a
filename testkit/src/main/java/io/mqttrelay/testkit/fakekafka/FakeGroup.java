package io.mqttrelay.testkit.fakekafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The consumer group at its coordinator: the members, the owner of each partition, and the committed offsets.
 * Partitions move as with a cooperative assignor: the owner gives a partition up in one of its polls, then the next
 * owner gets it in one of its own. One thread.
 */
public final class FakeGroup {
    private final Set<TopicPartition> partitions;
    private final Function<List<FakeMember>, FakeMember> assignor;
    private final Set<FakeMember> members = new LinkedHashSet<>();
    /** The target member of each partition. */
    private final Map<TopicPartition, FakeMember> targets = new LinkedHashMap<>();

    private final Map<TopicPartition, FakeMember> owners = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private Watcher watcher = new Watcher() {};
    private int generation;

    /** Observes the events of the group. */
    public interface Watcher {
        /** An offset is stored. */
        default void committed(TopicPartition partition, OffsetAndMetadata offset) {}

        /** The member gets these partitions. */
        default void assigned(FakeMember member, Collection<TopicPartition> partitions) {}

        /** The member has given up these partitions itself. */
        default void gaveUp(FakeMember member, Collection<TopicPartition> partitions) {}
    }

    FakeGroup(Set<TopicPartition> partitions, Function<List<FakeMember>, FakeMember> assignor) {
        this.partitions = partitions;
        this.assignor = assignor;
    }

    /** Replaces the watcher. */
    public void watch(Watcher other) {
        watcher = other;
    }

    Watcher watcher() {
        return watcher;
    }

    /** The committed offset; null: none. */
    public @Nullable OffsetAndMetadata committed(TopicPartition partition) {
        return committed.get(partition);
    }

    /** Stores a committed offset, even for a partition of another owner. */
    public void commit(TopicPartition partition, OffsetAndMetadata offset) {
        committed.put(partition, offset);
        watcher.committed(partition, offset);
    }

    /** The owner of a partition; null: it is moving between members, or there is none. */
    public @Nullable FakeMember owner(TopicPartition partition) {
        return owners.get(partition);
    }

    /** Whether the coordinator counts this consumer as a member. */
    public boolean isMember(FakeMember member) {
        return members.contains(member);
    }

    /** Assigns the partition to this member, if the group has it. */
    public void move(TopicPartition partition, FakeMember to) {
        if (members.contains(to)) {
            targets.put(partition, to);
            rebalance();
        }
    }

    /** Expires the session of a member: other members get its partitions, although it does not know yet. */
    public void expire(FakeMember member) {
        leave(member);
    }

    void join(FakeMember member) {
        if (members.add(member)) {
            rebalance();
        }
    }

    void leave(FakeMember member) {
        if (members.remove(member)) {
            owners.values().removeIf(owner -> owner == member);
            rebalance();
        }
    }

    void rebalance() {
        generation++;
        for (TopicPartition partition : partitions) {
            FakeMember target = targets.get(partition);
            if (target == null || !members.contains(target) || !target.isSubscribed(partition.topic())) {
                List<FakeMember> able = new ArrayList<>(members);
                able.removeIf(member -> !member.isSubscribed(partition.topic()));
                if (able.isEmpty()) {
                    targets.remove(partition);
                } else {
                    targets.put(partition, assignor.apply(able));
                }
            }
        }
    }

    int generation() {
        return generation;
    }

    Set<TopicPartition> targets(FakeMember of) {
        Set<TopicPartition> its = new LinkedHashSet<>();
        targets.forEach((partition, member) -> {
            if (member == of) {
                its.add(partition);
            }
        });
        return its;
    }

    /** Takes the partitions whose target is this member and that have no owner. */
    List<TopicPartition> take(FakeMember by) {
        List<TopicPartition> taken = new ArrayList<>();
        for (TopicPartition partition : targets(by)) {
            if (owners.putIfAbsent(partition, by) == null) {
                taken.add(partition);
            }
        }
        return taken;
    }

    void release(FakeMember by, Collection<TopicPartition> given) {
        given.forEach(partition -> owners.remove(partition, by));
    }
}
