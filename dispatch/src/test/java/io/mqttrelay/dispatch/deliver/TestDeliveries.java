package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.Tried;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Deliveries for tests that need no lanes: each in flight, of the first record of its own partition. */
final class TestDeliveries {
    private TestDeliveries() {}

    static Delivery of(RelayMessage message, Target target) {
        return of(message, target, Tried.NOTHING);
    }

    /** @param before failed attempts of earlier dispatchers */
    static Delivery of(RelayMessage message, Target target, Tried before) {
        TopicPartition partition = new TopicPartition("d.app", 0);
        OffsetState offset = TestApps.read(
                TestApps.assignment(partition, TestApps.windows(TestApps.app("app", target.key())), 0, null),
                0,
                1,
                target.key());
        offset.tried(before);
        return new Delivery(
                new ConsumerRecord<>(partition.topic(), 0, 0, null, new byte[0]), offset, message, target, false);
    }
}
