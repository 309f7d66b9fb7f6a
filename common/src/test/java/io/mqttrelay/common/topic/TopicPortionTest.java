package io.mqttrelay.common.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicPortionTest {
    @Test
    void fewTopicsAreOnePortion() {
        assertThat(TopicPortion.of(topics(30, 12))).hasSize(30);
    }

    @Test
    void thousandsOfTopicsAreMany() {
        assertThat(TopicPortion.of(topics(3000, 12))).hasSize(83);
    }

    @Test
    void topicWithVeryManyPartitionsIsAPortion() {
        assertThat(TopicPortion.of(topics(2, 5000))).hasSize(1);
    }

    @Test
    void anUnsetPartitionCountCountsAsOne() {
        assertThat(TopicPortion.of(topics(3000, -1))).hasSize(1000);
    }

    private static List<NewTopic> topics(int count, int partitions) {
        return Collections.nCopies(count, new NewTopic("t", partitions, (short) 1));
    }
}
