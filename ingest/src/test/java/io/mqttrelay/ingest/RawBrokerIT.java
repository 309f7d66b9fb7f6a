package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.PublishPacket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of brokers that Mosquitto would not send. */
@ExtendWith(SharedBrokers.class)
class RawBrokerIT {
    private static final int CONTENT_TYPE = 3;
    private static final int USER_PROPERTY = 38;
    private static final byte[] NO_TEXT = {'x', (byte) 0xC0, 'y'};

    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("raw");
    private final Stored stored;

    RawBrokerIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.stored = new Stored(kafka.bootstrapServers(), app);
    }

    private RunningIngest ingest(RawBroker broker, int version) {
        return RunningIngest.start(RunningIngest.config(
                kafka.bootstrapServers(),
                broker.port(),
                app,
                app,
                "a/#",
                root -> RunningIngest.broker(root).put("mqtt_version", version)));
    }

    @Test
    void aTopicThatTheBrokerRewroteIsStored() throws InterruptedException {
        byte[] rewritten = new PublishPacket().topic("mount/a/1").qos(1, 7).packet(true, "p");
        try (RawBroker broker = RawBroker.sending(true, List.of(rewritten));
                RunningIngest ingest = ingest(broker, 5)) {
            assertThat(stored.messages(1)).extracting(RelayMessage::topic).containsExactly("mount/a/1");
            assertThat(broker.acknowledged(1)).containsExactly(7);
            assertThat(ingest.metric("relay_ingest_dropped_total", "no_filter")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void textThatIsNoneCostsNoConnectionAndNoOtherMessage(int version) throws InterruptedException {
        boolean mqtt5 = version == 5;
        List<byte[]> packets = new ArrayList<>();
        packets.add(new PublishPacket().topic("a/1").qos(1, 1).packet(mqtt5, "p"));
        packets.add(new PublishPacket().topic(NO_TEXT).qos(1, 2).packet(mqtt5, "p"));
        packets.add(new PublishPacket().topic("a/#").qos(1, 3).packet(mqtt5, "p"));
        packets.add(new PublishPacket()
                .topic("a/2")
                .qos(1, 4)
                .property(CONTENT_TYPE, NO_TEXT)
                .packet(mqtt5, "p"));
        packets.add(new PublishPacket()
                .topic("a/3")
                .qos(1, 5)
                .property(USER_PROPERTY, NO_TEXT, NO_TEXT)
                .packet(mqtt5, "p"));
        packets.add(new PublishPacket().topic("a/4").qos(1, 6).packet(mqtt5, "p"));
        int dead = mqtt5 ? 4 : 2;
        try (RawBroker broker = RawBroker.sending(mqtt5, packets);
                RunningIngest ingest = ingest(broker, version)) {
            assertThat(broker.acknowledged(6)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(stored.messages(6 - dead)).hasSize(6 - dead);
            assertThat(stored.awaitDead(dead))
                    .extracting(record -> new RecordCodec().decodeDead(record).topic())
                    .contains("x\uFFFDy", "a/#");
            assertThat(broker.connections()).isOne();
            ingest.awaitMetric("relay_ingest_undecodable_total", app, dead);
        }
    }
}
