package io.mqttrelay.dispatch.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** How the leader assigns partitions that members report as busy. */
class DrainingAssignorTest {
    private static final int PARTITIONS = 6;
    private static final Node NODE = new Node(1, "localhost", 9092);

    private static final class FakeMember implements DrainingAssignor.Member {
        Set<TopicPartition> owned = new HashSet<>();
        Set<TopicPartition> busy = new HashSet<>();
        Set<TopicPartition> drained = new HashSet<>();

        @Override
        public Set<TopicPartition> busy() {
            return busy;
        }

        @Override
        public void drain(Set<TopicPartition> partitions) {
            drained = partitions;
        }
    }

    private final Map<String, FakeMember> members = new HashMap<>();
    private int generation = 1;

    private static Set<TopicPartition> all() {
        return new HashSet<>(IntStream.range(0, PARTITIONS)
                .mapToObj(i -> new TopicPartition("t", i))
                .toList());
    }

    private FakeMember member(String id) {
        return members.computeIfAbsent(id, unused -> new FakeMember());
    }

    private static DrainingAssignor assignor(FakeMember member) {
        DrainingAssignor assignor = new DrainingAssignor();
        MemberReference reference = new MemberReference();
        reference.is(member);
        assignor.configure(Map.of(DrainingAssignor.MEMBER, reference));
        return assignor;
    }

    private static Cluster cluster() {
        List<PartitionInfo> partitions = all().stream()
                .map(each ->
                        new PartitionInfo(each.topic(), each.partition(), NODE, new Node[] {NODE}, new Node[] {NODE}))
                .toList();
        return new Cluster("c", List.of(NODE), partitions, Set.of(), Set.of());
    }

    /** Runs one rebalance; the members then own their new partitions. */
    private void rebalance() {
        Map<String, Subscription> subscriptions = new HashMap<>();
        members.forEach((id, member) -> subscriptions.put(
                id,
                new Subscription(
                        List.of("t"),
                        assignor(member).subscriptionUserData(Set.of("t")),
                        new ArrayList<>(member.owned),
                        generation,
                        Optional.empty())));
        Map<String, Assignment> assigned = new DrainingAssignor()
                .assign(cluster(), new GroupSubscription(subscriptions))
                .groupAssignment();
        generation++;
        members.forEach((id, member) -> {
            Assignment its = assigned.get(id);
            assignor(member).follow(its);
            member.owned = new HashSet<>(its.partitions());
        });
        assertThat(members.values().stream().mapToInt(each -> each.owned.size()).sum())
                .as("no partition has two owners")
                .isEqualTo(members.values().stream()
                        .flatMap(each -> each.owned.stream())
                        .distinct()
                        .count());
    }

    @Test
    void movesIdlePartitionsInTwoRebalances() {
        member("a");
        rebalance();
        member("b");
        rebalance();
        rebalance();

        assertThat(member("a").owned).hasSize(3);
        assertThat(member("b").owned).hasSize(3);
        assertThat(member("a").drained).isEmpty();
    }

    @Test
    void busyPartitionsStayUntilTheyAreDrained() {
        member("a");
        rebalance();
        member("a").busy = all();
        member("b");
        rebalance();
        rebalance();

        assertThat(member("a").owned).isEqualTo(all());
        assertThat(member("a").drained).hasSize(3);
        Set<TopicPartition> moving = member("a").drained;

        member("a").busy.removeAll(moving);
        rebalance();
        rebalance();
        assertThat(member("b").owned).isEqualTo(moving);
        assertThat(member("a").drained).isEmpty();
    }

    @Test
    void onlyTheBusyOnesOfThoseThatMoveStay() {
        member("a");
        rebalance();
        member("b");
        rebalance();
        Set<TopicPartition> moving = all();
        moving.removeAll(member("a").owned);
        members.remove("b");
        rebalance();
        rebalance();
        member("b");
        TopicPartition busy = moving.iterator().next();
        member("a").busy = new HashSet<>(Set.of(busy));
        rebalance();
        rebalance();

        assertThat(member("a").owned).hasSize(4).contains(busy);
        assertThat(member("a").drained).containsExactly(busy);
        assertThat(member("b").owned).hasSize(2);
    }

    @Test
    void nothingIsDrainedAnyMoreWhenTheOtherMemberHasGone() {
        member("a");
        rebalance();
        member("a").busy = all();
        member("b");
        rebalance();
        assertThat(member("a").drained).isNotEmpty();

        members.remove("b");
        rebalance();
        assertThat(member("a").drained).isEmpty();
        assertThat(member("a").owned).isEqualTo(all());
    }

    @Test
    void kafkasOwnAssignorReadsTheDataAndTheNameIsItsName() {
        FakeMember busy = member("a");
        busy.busy = all();
        ByteBuffer data = assignor(busy).subscriptionUserData(Set.of("t"));
        CooperativeStickyAssignor kafkas = new CooperativeStickyAssignor();

        Map<String, Assignment> assigned = kafkas.assign(
                        cluster(),
                        new GroupSubscription(Map.of(
                                "a", new Subscription(List.of("t"), data, new ArrayList<>(all())),
                                "b", new Subscription(List.of("t"), kafkas.subscriptionUserData(Set.of("t"))))))
                .groupAssignment();

        assertThat(assigned.get("a").partitions()).hasSize(3);
        assertThat(new DrainingAssignor().name()).isEqualTo(kafkas.name());
    }

    @Test
    void dataOfAnotherVersionIsNoList() {
        assertThat(PartitionList.read(null, 0)).isEmpty();
        assertThat(PartitionList.read(ByteBuffer.wrap(new byte[] {1, 2, 3}), 4)).isEmpty();
        assertThat(PartitionList.read(ByteBuffer.wrap(new byte[64]), 4)).isEmpty();
        ByteBuffer cut = PartitionList.append(ByteBuffer.allocate(0), all());
        cut.limit(cut.limit() - 3);
        assertThat(PartitionList.read(cut, 0)).isEmpty();
    }
}
