package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reported problem of brokers that do not support MQTT 5, with the real client. */
class RefusedVersionTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final String REMEDY = "set \"mqtt_version\": 3";

    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void aBrokerThatRefusesTheVersionInMqtt5IsNamedWithTheRemedy() throws Exception {
        assertThat(said("2003008400", MqttVersion.V5)).contains("does not speak MQTT 5", REMEDY);
    }

    @Test
    void aBrokerThatRefusesTheVersionInMqtt3IsNamedWithTheRemedy() throws Exception {
        assertThat(said("20020001", MqttVersion.V5)).contains("does not speak MQTT 5", REMEDY);
    }

    @Test
    void aBrokerThatAnswersInMqtt3IsNamedWithTheRemedy() throws Exception {
        assertThat(said("20020000", MqttVersion.V5)).contains("does not answer CONNECT in MQTT 5", REMEDY);
    }

    @Test
    void aBrokerThatCutsTheConnectionIsNamedWithTheRemedy() throws Exception {
        assertThat(said("", MqttVersion.V5)).contains("cut the connection", REMEDY);
    }

    @Test
    void anotherRefusalHasNothingToDoWithTheVersion() throws Exception {
        assertThat(said("2003008700", MqttVersion.V5))
                .contains("not authorized")
                .doesNotContain(REMEDY);
    }

    @Test
    void withMqtt3ThereIsNoSuchRemedy() throws Exception {
        assertThat(said("", MqttVersion.V3_1_1)).doesNotContain(REMEDY);
    }

    @Test
    void aPortWhereNobodyListensIsNoOldBroker() throws Exception {
        server.close();
        connect(MqttVersion.V5, null);
        assertThat(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).doesNotContain(REMEDY);
    }

    @Test
    void aFailureOfTlsIsNoOldBroker() throws Exception {
        connect(MqttVersion.V5, TlsSettings.JVM_DEFAULT);
        answer("48545450");
        assertThat(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).doesNotContain(REMEDY);
    }

    private String said(String answer, MqttVersion version) throws Exception {
        connect(version, null);
        answer(answer);
        return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Answers the first bytes that arrive, and closes. */
    private void answer(String hex) throws IOException {
        try (Socket socket = server.accept()) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            byte[] connect = new byte[100];
            assertThat(socket.getInputStream().read(connect)).isPositive();
            socket.getOutputStream().write(HexFormat.of().parseHex(hex));
            socket.shutdownOutput();
        }
    }

    private void connect(MqttVersion version, @Nullable TlsSettings tls) {
        HostPort address = new HostPort("127.0.0.1", server.getLocalPort());
        Broker broker = new Broker(
                null, null, 60, List.of(address), version, tls, null, Duration.ZERO, 65_535, null, true, false);
        Link link = new HiveMqLinks(broker, "refused", new EventLoops()).open(address, new Link.Events() {
            @Override
            public void published(Publish publish, Runnable acknowledge) {
                // none comes
            }

            @Override
            public void ended(Link.Ending ending) {
                ended.complete(ending.text());
            }
        });
        var unused = link.connect();
    }
}
