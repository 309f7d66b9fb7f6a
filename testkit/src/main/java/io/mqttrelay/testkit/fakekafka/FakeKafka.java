package io.mqttrelay.testkit.fakekafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/** A fake Kafka cluster: the logs and one consumer group. One thread. */
public final class FakeKafka {
    private final Map<TopicPartition, FakeLog> logs = new LinkedHashMap<>();
    private final FakeGroup group;

    /**
     * Creates these partitions, all empty.
     *
     * @param assignor chooses one of these members for a partition without an owner
     */
    public FakeKafka(Collection<TopicPartition> partitions, Function<List<FakeMember>, FakeMember> assignor) {
        partitions.forEach(partition -> logs.put(partition, new FakeLog()));
        this.group = new FakeGroup(logs.keySet(), assignor);
    }

    /**
     * The log of a partition.
     *
     * @throws IllegalArgumentException if there is no such partition
     */
    public FakeLog log(TopicPartition partition) {
        FakeLog log = logs.get(partition);
        if (log == null) {
            throw new IllegalArgumentException(partition + " does not exist");
        }
        return log;
    }

    public Set<TopicPartition> partitions() {
        return new LinkedHashSet<>(logs.keySet());
    }

    public FakeGroup group() {
        return group;
    }

    /**
     * Creates a consumer, which becomes a group member when it subscribes and polls.
     *
     * @param network between it and the brokers
     */
    public FakeMember member(String name, Network network, FakeMember.Assignor assignor) {
        return new FakeMember(name, this, network, assignor);
    }

    /**
     * Creates a consumer without a group.
     *
     * @param network between it and the brokers
     */
    public FakeReader reader(String name, Network network) {
        return new FakeReader(name, this, network);
    }
}
