package io.mqttrelay.dispatch.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class KafkaFailureTest {
    private static final Node ONE = new Node(1, "b1", 9092);
    private static final Node TWO = new Node(2, "b2", 9092);

    private static TopicPartitionInfo partition(int number, Node leader) {
        return new TopicPartitionInfo(number, leader, List.of(ONE, TWO), List.of(ONE));
    }

    @Test
    void aPartitionWithoutALeaderIsNamedWithItsBrokers() {
        List<TopicPartitionInfo> partitions = List.of(partition(0, ONE), partition(1, Node.noNode()));
        assertThat(KafkaFailure.leaderless(new TopicDescription("relay.a.dead", false, partitions)))
                .isEqualTo("partition relay.a.dead-1 has no leader: start a broker that holds it (brokers 1, 2)");
        partitions = List.of(partition(0, null));
        assertThat(KafkaFailure.leaderless(new TopicDescription("relay.a.dead", false, partitions)))
                .startsWith("partition relay.a.dead-0 has no leader");
    }

    @Test
    void aTopicWithAllItsLeadersHasNoProblem() {
        List<TopicPartitionInfo> partitions = List.of(partition(0, ONE), partition(1, TWO));
        assertThat(KafkaFailure.leaderless(new TopicDescription("relay.a.dead", false, partitions)))
                .isNull();
    }
}
