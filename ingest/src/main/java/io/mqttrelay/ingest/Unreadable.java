package io.mqttrelay.ingest;

import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The dead letter of a PUBLISH packet that broke a rule of MQTT: its payload, and the metadata that could be read. */
final class Unreadable {
    private Unreadable() {}

    static ProducerRecord<byte[], byte[]> record(
            RecordCodec codec, RelayMessage message, String why, String deadTopic, long now) {
        return codec.encodeUnreadable(
                message, new DeadLetter(DeadReason.UNDECODABLE, null, 0, null, why, now), deadTopic);
    }
}
