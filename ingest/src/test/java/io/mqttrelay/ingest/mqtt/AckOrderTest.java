package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.wire.Publish;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the MQTT client holds the payload of a message no longer. */
class AckOrderTest {
    private final List<String> forgotten = new ArrayList<>();
    private final Lifetime connection = new Lifetime(true, () -> {});

    private Received arrives(int qos) {
        Publish publish = new Publish("a", qos, false, null, null, null, null, List.of(), ByteBuffer.allocate(1), null);
        return new Received(publish, connection, () -> {});
    }

    private Runnable noted(String name) {
        return () -> forgotten.add(name);
    }

    @Test
    void waitsForEveryMessageBeforeIt() {
        Received first = arrives(1);
        Received second = arrives(2);
        Received third = arrives(1);
        third.acknowledge(noted("third"));
        second.acknowledge(noted("second"));
        assertThat(forgotten).isEmpty();
        first.acknowledge(noted("first"));
        assertThat(forgotten).containsExactly("first", "second", "third");
    }

    @Test
    void aMessageOfQosZeroIsForgottenAtOnce() {
        arrives(1);
        arrives(0).acknowledge(noted("qos 0"));
        assertThat(forgotten).containsExactly("qos 0");
    }

    @Test
    void aReleasedMessageHoldsUpNothing() {
        Received first = arrives(1);
        arrives(1).acknowledge(noted("second"));
        connection.end(true);
        first.release(noted("first"));
        assertThat(forgotten).containsExactly("first", "second");
    }

    @Test
    void isToldOnceHoweverOftenItIsSettled() {
        Received message = arrives(1);
        message.acknowledge(noted("once"));
        message.acknowledge(noted("twice"));
        message.release(noted("released"));
        assertThat(forgotten).containsExactly("once");
    }
}
