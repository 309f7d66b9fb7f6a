package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.Decoded;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.Replay;
import io.mqttrelay.dispatch.deadletter.ReplayReport.Skip;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes the records that send messages of one app again. */
final class Deliveries {
    private final RecordCodec codec;
    private final String appId;
    private final String replayTopic;

    Deliveries(RecordCodec codec, String appId, String replayTopic) {
        this.codec = codec;
        this.appId = appId;
        this.replayTopic = replayTopic;
    }

    /** Makes one record for each address; empty: the record is no message of this app, which is counted. */
    List<ProducerRecord<byte[], byte[]>> of(
            ConsumerRecord<byte[], byte[]> record, Route route, List<String> addresses, ReplayReport report) {
        Optional<RelayMessage> message = message(record);
        if (message.isEmpty()) {
            report.skipped(Skip.UNDECODABLE);
            return List.of();
        }
        return addresses.stream()
                .map(address -> new Replay(address, report.run()))
                .map(replay -> codec.encodeReplay(record, message.get(), replay, route.ordering(), replayTopic))
                .toList();
    }

    /** Empty: the record is no message of this app. */
    Optional<RelayMessage> message(ConsumerRecord<byte[], byte[]> record) {
        return codec.decode(record).match(new Decoded.Cases<Optional<RelayMessage>>() {
            @Override
            public Optional<RelayMessage> message(Decoded.Message decoded) {
                return Optional.of(decoded.message())
                        .filter(each -> each.appId().equals(appId));
            }

            @Override
            public Optional<RelayMessage> undecodable(Decoded.Undecodable undecodable) {
                return Optional.empty();
            }
        });
    }
}
