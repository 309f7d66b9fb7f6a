package io.mqttrelay.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMqttIT {
    @Test
    void servesMqtt5AndMqtt3() throws Exception {
        long before = System.nanoTime();
        try (EmbeddedMqtt mqtt = EmbeddedMqtt.launch()) {
            System.out.println("embedded MQTT broker started in "
                    + Duration.ofNanos(System.nanoTime() - before).toMillis() + " ms");
            Mqtt5BlockingClient five = mqtt5(mqtt, "five");
            five.connect();
            try (Mqtt5BlockingClient.Mqtt5Publishes publishes = five.publishes(MqttGlobalPublishFilter.ALL)) {
                five.subscribeWith()
                        .topicFilter("from/#")
                        .qos(MqttQos.EXACTLY_ONCE)
                        .send();
                Mqtt3BlockingClient three = Mqtt3Client.builder()
                        .identifier("three")
                        .serverHost("127.0.0.1")
                        .serverPort(mqtt.port())
                        .buildBlocking();
                three.connect();
                three.publishWith()
                        .topic("from/three")
                        .qos(MqttQos.EXACTLY_ONCE)
                        .payload(bytes("hello"))
                        .send();
                Optional<Mqtt5Publish> received = publishes.receive(10, TimeUnit.SECONDS);
                assertThat(received).map(Mqtt5Publish::getPayloadAsBytes).hasValue(bytes("hello"));
                three.disconnect();
            }
            five.disconnect();
            before = System.nanoTime();
        }
        System.out.println("embedded MQTT broker stopped in "
                + Duration.ofNanos(System.nanoTime() - before).toMillis() + " ms");
    }

    @Test
    void moreThanAThousandMessagesWaitForAnAbsentClient() throws Exception {
        try (EmbeddedMqtt mqtt = EmbeddedMqtt.launch()) {
            assertThat(queueAndCollect(mqtt, mqtt, 1500)).hasSize(1500).doesNotHaveDuplicates();
        }
    }

    @Test
    void aRestartKeepsPortSessionsAndQueuesWhenAsked(@TempDir Path folder) throws Exception {
        EmbeddedMqtt first =
                EmbeddedMqtt.builder().data(folder).keepingSessions().launch();
        try {
            openSession(first);
            publish(first, 20);
            first.stop();
            first.start();
            assertThat(collect(first, 20)).hasSize(20).doesNotHaveDuplicates();
        } finally {
            first.close();
        }
    }

    @Test
    void aTakenPortIsSaidAtOnce() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() ->
                            EmbeddedMqtt.builder().port(taken.getLocalPort()).launch())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }

    @Test
    void startingLeavesTheProcessesExceptionHandlerAlone() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        try (EmbeddedMqtt mqtt = EmbeddedMqtt.launch()) {
            assertThat(mqtt.port()).isPositive();
            assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(before);
        }
    }

    private static List<String> queueAndCollect(EmbeddedMqtt session, EmbeddedMqtt mqtt, int count) throws Exception {
        openSession(session);
        publish(mqtt, count);
        return collect(mqtt, count);
    }

    private static void openSession(EmbeddedMqtt mqtt) {
        Mqtt5BlockingClient client = mqtt5(mqtt, "absent");
        client.connectWith().cleanStart(false).sessionExpiryInterval(3600).send();
        client.subscribeWith().topicFilter("from/#").qos(MqttQos.AT_LEAST_ONCE).send();
        client.disconnectWith().sessionExpiryInterval(3600).send();
    }

    private static void publish(EmbeddedMqtt mqtt, int count) {
        Mqtt5BlockingClient client = mqtt5(mqtt, "publisher");
        client.connect();
        for (int i = 0; i < count; i++) {
            client.publishWith()
                    .topic("from/queue")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(bytes("m" + i))
                    .send();
        }
        client.disconnect();
    }

    private static List<String> collect(EmbeddedMqtt mqtt, int count) throws InterruptedException {
        Mqtt5BlockingClient client = mqtt5(mqtt, "absent");
        List<String> received = new ArrayList<>();
        try (Mqtt5BlockingClient.Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.connectWith().cleanStart(false).sessionExpiryInterval(3600).send();
            for (int i = 0; i < count; i++) {
                Optional<Mqtt5Publish> publish = publishes.receive(10, TimeUnit.SECONDS);
                if (publish.isEmpty()) {
                    break;
                }
                received.add(new String(publish.get().getPayloadAsBytes(), StandardCharsets.UTF_8));
            }
        }
        client.disconnect();
        return received;
    }

    private static Mqtt5BlockingClient mqtt5(EmbeddedMqtt mqtt, String id) {
        return Mqtt5Client.builder()
                .identifier(id)
                .serverHost("127.0.0.1")
                .serverPort(mqtt.port())
                .buildBlocking();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
