package io.mqttrelay.faults;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Counters of a Mosquitto, as it publishes them. */
final class BrokerCounter {
    private static final String DROPPED = "$SYS/broker/publish/messages/dropped";
    /** Mosquitto publishes them once a second. */
    private static final int FRESH_SECONDS = 3;

    private BrokerCounter() {}

    /** Messages that Mosquitto has dropped for clients that were away, as of now. */
    static long dropped(int port) {
        Mqtt5BlockingClient client = Mqtt5Client.builder()
                .identifier("counter")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildBlocking();
        try (Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.connect();
            client.subscribeWith()
                    .topicFilter(DROPPED)
                    .qos(MqttQos.AT_MOST_ONCE)
                    .send();
            long dropped = 0;
            Optional<Mqtt5Publish> told = publishes.receive(FRESH_SECONDS, TimeUnit.SECONDS);
            for (; told.isPresent(); told = publishes.receive(FRESH_SECONDS, TimeUnit.SECONDS)) {
                dropped = Long.parseLong(new String(told.get().getPayloadAsBytes(), StandardCharsets.UTF_8));
            }
            return dropped;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            client.disconnect();
        }
    }
}
