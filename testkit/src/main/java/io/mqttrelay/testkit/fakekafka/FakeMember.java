package io.mqttrelay.testkit.fakekafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A member of the consumer group. Rebalances, lost partitions and answers to asynchronous commits arrive within its
 * polls. An expired member learns of it in the second poll at the earliest: the first one only sends the heartbeat.
 * One thread.
 */
public final class FakeMember extends FakeConsumer {
    /** The member's assignor. Busy partitions stay until the member requests another rebalance. */
    public interface Assignor {
        /** Partitions that the member does not give up at once. */
        Set<TopicPartition> busy();

        /** A rebalance has ended, and these partitions must be given up as soon as they are not busy. */
        void drain(Set<TopicPartition> partitions);
    }

    /** An asynchronous commit without an answer. */
    private static final class Commit {
        private final Map<TopicPartition, OffsetAndMetadata> offsets;
        private final OffsetCommitCallback callback;
        private boolean arrived;
        private @Nullable KafkaException failure;

        Commit(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            this.offsets = offsets;
            this.callback = callback;
        }

        void answer(@Nullable KafkaException with) {
            callback.onComplete(offsets, with);
        }
    }

    private static final int NEVER = -1;
    private static final MetricName HEARTBEATS =
            new MetricName("heartbeat-total", "consumer-coordinator-metrics", "", Map.of());

    private final FakeGroup group;
    private final Assignor assignor;
    private final ArrayDeque<Commit> commits = new ArrayDeque<>();
    private Set<String> topics = Set.of();
    private @Nullable ConsumerRebalanceListener listener;
    private int synced = NEVER;
    private boolean joined;
    private boolean rejoin;
    private boolean heartbeatSent;
    private double heartbeats;

    FakeMember(String name, FakeKafka kafka, Network network, Assignor assignor) {
        super(name, kafka, network);
        this.group = kafka.group();
        this.assignor = assignor;
    }

    @Override
    public void subscribe(Collection<String> wanted, ConsumerRebalanceListener told) {
        rejoin |= joined;
        topics = Set.copyOf(wanted);
        listener = told;
    }

    @Override
    public Set<String> subscription() {
        return topics;
    }

    boolean isSubscribed(String topic) {
        return topics.contains(topic);
    }

    @Override
    void serveCoordinator() {
        if (!network().reachesCoordinator(this)) {
            heartbeatSent = false;
            return;
        }
        boolean answered = heartbeatSent;
        heartbeatSent = true;
        heartbeats += answered ? 1 : 0; // any answer counts
        if (!joined) {
            joined = true;
            group.join(this);
        } else if (answered && !group.isMember(this)) {
            lose();
            return;
        }
        if (group.isMember(this)) {
            answerCommits(false);
            sync();
        }
    }

    private ConsumerRebalanceListener listener() {
        if (listener == null) {
            throw new IllegalStateException(name() + " has not subscribed");
        }
        return listener;
    }

    private void lose() {
        List<TopicPartition> lost = List.copyOf(assignment());
        while (!commits.isEmpty()) {
            commits.removeFirst().answer(new CommitFailedException());
        }
        remove(lost);
        listener().onPartitionsLost(lost);
        synced = NEVER;
        joined = false; // joins again with the next poll
    }

    private void sync() {
        if (rejoin) {
            rejoin = false;
            group.rebalance();
        }
        if (synced != group.generation()) {
            synced = group.generation();
            giveUp();
        }
        List<TopicPartition> taken = group.take(this);
        if (!taken.isEmpty()) {
            add(taken);
            group.watcher().assigned(this, taken);
            listener().onPartitionsAssigned(taken);
        }
    }

    private void giveUp() {
        Set<TopicPartition> others = new LinkedHashSet<>(assignment());
        others.removeAll(group.targets(this));
        Set<TopicPartition> busy = new LinkedHashSet<>(others);
        busy.retainAll(assignor.busy());
        busy.removeIf(partition -> !isSubscribed(partition.topic()));
        assignor.drain(busy);
        others.removeAll(busy);
        if (!others.isEmpty()) {
            listener().onPartitionsRevoked(List.copyOf(others));
            remove(others);
            group.release(this, others);
            group.watcher().gaveUp(this, others);
        }
    }

    @Override
    public void enforceRebalance(String reason) {
        rejoin = true;
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        network().before(this, Network.Request.COMMITTED);
        checkReached();
        Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
        for (TopicPartition partition : partitions) {
            known.put(partition, group.committed(partition));
        }
        return known;
    }

    private void checkReached() {
        if (!network().reachesCoordinator(this)) {
            throw new TimeoutException("the coordinator does not answer");
        }
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        network().before(this, Network.Request.COMMIT_ASYNC);
        Commit commit = new Commit(new LinkedHashMap<>(offsets), callback);
        Commit before = commits.peekLast();
        commits.addLast(commit);
        if ((before == null || before.arrived)
                && network().reachesCoordinator(this)
                && network().arrivesAtOnce(this)) {
            arrive(commit);
        }
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        network().before(this, Network.Request.COMMIT_SYNC);
        checkReached();
        answerCommits(true);
        KafkaException failure = store(offsets);
        if (failure != null) {
            throw failure;
        }
    }

    private void answerCommits(boolean all) {
        for (Commit commit = commits.peekFirst(); commit != null; commit = commits.peekFirst()) {
            arrive(commit);
            if (!all && !network().answersNow(this)) {
                return;
            }
            commits.removeFirst();
            commit.answer(commit.failure);
        }
    }

    private void arrive(Commit commit) {
        if (!commit.arrived) {
            commit.arrived = true;
            commit.failure = store(commit.offsets);
        }
    }

    /** @return the error in the answer; null: stored */
    private @Nullable KafkaException store(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (!group.isMember(this)) {
            return new CommitFailedException("the session has expired");
        }
        Network.CommitFate fate = network().commit(this);
        if (fate != Network.CommitFate.LOST) {
            offsets.forEach(group::commit);
        }
        return fate == Network.CommitFate.STORED ? null : new TimeoutException("no answer to the commit");
    }

    @Override
    @SuppressWarnings("removal") // there is no other constructor
    public ConsumerGroupMetadata groupMetadata() {
        return new ConsumerGroupMetadata("group", synced, name(), Optional.empty());
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of(HEARTBEATS, new Metric() {
            @Override
            public MetricName metricName() {
                return HEARTBEATS;
            }

            @Override
            public Object metricValue() {
                return heartbeats;
            }
        });
    }

    /** Gives up all partitions and leaves the group, if the coordinator can be reached. */
    @Override
    public void close(CloseOptions options) {
        if (network().reachesCoordinator(this) && group.isMember(this)) {
            answerCommits(true);
            List<TopicPartition> all = List.copyOf(assignment());
            listener().onPartitionsRevoked(all);
            group.leave(this);
            group.watcher().gaveUp(this, all);
        }
        closed();
    }
}
