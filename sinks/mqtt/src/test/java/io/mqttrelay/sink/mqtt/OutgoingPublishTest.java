package io.mqttrelay.sink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.UserProperty;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which topics are legal, and how large a packet is. */
class OutgoingPublishTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a/+", "#", "a\0b", "a\uD800"})
    void illegalTopicsAreNamed(String topic) {
        assertThat(OutgoingPublish.topicProblem(topic)).startsWith("the MQTT topic ");
    }

    @Test
    void aTopicHasAtMost65535Bytes() {
        assertThat(OutgoingPublish.topicProblem("ä".repeat(32_767))).isNull();
        assertThat(OutgoingPublish.topicProblem("ä".repeat(32_768))).contains("65535 bytes");
    }

    @Test
    void theSizeOfAPacketCountsEveryPart() {
        // header 2, topic 2 + 1, packet id 2, length of properties 1, payload 3
        assertThat(publish(null, List.of(), 3).packetSize()).isEqualTo(11);
        // expiry 5, user property 1 + 2 + 1 + 2 + 1
        assertThat(publish(1L, List.of(new UserProperty("a", "b")), 3).packetSize())
                .isEqualTo(11 + 12);
        // two bytes for the remaining length from 128 on
        assertThat(publish(null, List.of(), 119).packetSize()).isEqualTo(127);
        assertThat(publish(null, List.of(), 122).packetSize()).isEqualTo(131);
    }

    private static OutgoingPublish publish(Long expiry, List<UserProperty> properties, int payload) {
        return new OutgoingPublish("t", false, expiry, null, null, null, properties, new byte[payload]);
    }
}
