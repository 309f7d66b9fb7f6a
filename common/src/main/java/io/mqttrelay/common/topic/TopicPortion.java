package io.mqttrelay.common.topic;

import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Limits the topics of one create request: Kafka refuses more than 10,000 partitions, and answers large requests
 * late.
 */
final class TopicPortion {
    private static final int MAX_PARTITIONS = 1000;

    private TopicPortion() {}

    /** The first of these topics, at least one. */
    static List<NewTopic> of(List<NewTopic> wanted) {
        int partitions = 0;
        int topics = 0;
        for (NewTopic topic : wanted) {
            partitions += Math.max(1, topic.numPartitions());
            if (topics > 0 && partitions > MAX_PARTITIONS) {
                break;
            }
            topics++;
        }
        return wanted.subList(0, topics);
    }
}
