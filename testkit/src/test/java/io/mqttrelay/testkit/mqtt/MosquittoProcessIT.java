package io.mqttrelay.testkit.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.net.TestCertificates;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresMosquitto
class MosquittoProcessIT {
    @Test
    void sessionsAndQueuesSurviveAKill() throws Exception {
        try (MosquittoProcess mosquitto =
                MosquittoProcess.builder().persistence().launch()) {
            openSession(mosquitto.port());
            List<Sent> sent;
            try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
                for (int i = 0; i < 1200; i++) {
                    publisher.send("from/x", 1);
                }
                sent = publisher.flush().acknowledged();
                publisher.send("from/x", 1); // when this one is acknowledged, the ones before have been saved
                publisher.flush();
            }
            assertThat(sent).hasSize(1200);
            mosquitto.kill();
            mosquitto.start();
            assertThat(collect(mosquitto.port(), 1200))
                    .containsExactlyElementsOf(sent.stream().map(Sent::id).toList());
        }
    }

    @Test
    void onlyKnownUsersMayConnect() throws Exception {
        try (MosquittoProcess mosquitto = MosquittoProcess.builder()
                .user("relay", "s3cret")
                .user("other", "x")
                .launch()) {
            Mqtt5BlockingClient client = client(mosquitto.port());
            assertThatThrownBy(client::connect).isInstanceOf(Mqtt5ConnAckException.class);
            client.connectWith()
                    .simpleAuth()
                    .username("relay")
                    .password("s3cret".getBytes(StandardCharsets.UTF_8))
                    .applySimpleAuth()
                    .send();
            client.disconnect();
        }
    }

    @Test
    void tlsAndWebsocketListenersAnswer(@TempDir Path folder) throws Exception {
        TestCertificates authority = new TestCertificates(folder);
        try (MosquittoProcess mosquitto = MosquittoProcess.builder()
                        .mutualTls(authority)
                        .websockets()
                        .launch();
                SSLSocket socket = (SSLSocket) authority
                        .context(authority.client("device"))
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), mosquitto.tlsPort());
                Socket websocket = new Socket(InetAddress.getLoopbackAddress(), mosquitto.websocketPort())) {
            socket.startHandshake();
            assertThat(socket.getSession().getPeerPrincipal().getName()).contains("localhost");
            assertThat(websocket.isConnected()).isTrue();
        }
    }

    @Test
    void aStoppedOneRefusesAndAStartedOneAnswersOnTheSamePort() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch()) {
            mosquitto.stop();
            assertThatThrownBy(() -> client(mosquitto.port()).connect()).isInstanceOf(ConnectionFailedException.class);
            mosquitto.start();
            Mqtt5BlockingClient client = client(mosquitto.port());
            assertThat(client.connect().getReasonCode().isError()).isFalse();
            client.disconnect();
            assertThat(mosquitto.log()).contains("mosquitto version");
        }
    }

    @Test
    void aSuspendedOneHoldsItsConnectionsAndGoesOn() throws Exception {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            mosquitto.suspend();
            publisher.send("from/x", 1);
            assertThatThrownBy(() -> publisher.flush(Duration.ofMillis(300))).isInstanceOf(IllegalStateException.class);
            assertThat(publisher.acknowledged()).isEmpty();
            mosquitto.resume();
            assertThat(publisher.flush().acknowledged()).hasSize(1);
        }
    }

    @Test
    void aBadOptionIsSaidWithItsReason() {
        assertThatThrownBy(() ->
                        MosquittoProcess.builder().option("no_such_option 1").launch())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no_such_option");
    }

    private static void openSession(int port) {
        Mqtt5BlockingClient client = client(port);
        client.connectWith().cleanStart(false).sessionExpiryInterval(3600).send();
        client.subscribeWith().topicFilter("from/#").qos(MqttQos.AT_LEAST_ONCE).send();
        client.disconnectWith().sessionExpiryInterval(3600).send();
    }

    private static List<String> collect(int port, int count) throws InterruptedException {
        Mqtt5BlockingClient client = client(port);
        List<String> ids = new ArrayList<>();
        try (Mqtt5BlockingClient.Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.connectWith().cleanStart(false).sessionExpiryInterval(3600).send();
            for (int i = 0; i < count; i++) {
                Optional<Mqtt5Publish> publish = publishes.receive(10, TimeUnit.SECONDS);
                publish.map(Mqtt5Publish::getPayloadAsBytes)
                        .map(TestMessage::idIn)
                        .ifPresent(ids::add);
            }
        }
        client.disconnect();
        return ids;
    }

    private static Mqtt5BlockingClient client(int port) {
        return Mqtt5Client.builder()
                .identifier("reader")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildBlocking();
    }
}
