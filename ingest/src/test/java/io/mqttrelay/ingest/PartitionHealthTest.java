package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class PartitionHealthTest {
    private static final Node NODE = new Node(1, "localhost", 9092);

    private final TopicDescription topic = new TopicDescription(
            "topic",
            false,
            List.of(
                    new TopicPartitionInfo(0, NODE, List.of(NODE), List.of(NODE)),
                    new TopicPartitionInfo(1, null, List.of(NODE), List.of(NODE))));

    @Test
    void aPartitionWithALeaderAndItsReplicasIsHealthy() {
        assertThat(PartitionHealth.isHealthy(topic, 0, 1)).isTrue();
        assertThat(PartitionHealth.isHealthy(topic, 0, 2)).isFalse();
        assertThat(PartitionHealth.isHealthy(topic, 1, 1)).isFalse();
    }

    @Test
    void somePartitionIsHealthyWhenAllAre() {
        assertThat(PartitionHealth.isHealthy(topic, -1, 1)).isFalse();
    }

    @Test
    void aMissingPartitionIsNotHealthy() {
        assertThat(PartitionHealth.isHealthy(topic, 2, 1)).isFalse();
    }
}
