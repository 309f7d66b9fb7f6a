package io.mqttrelay.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TestCertificates;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS, mutual TLS, WebSocket, users. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class SecureConnectionIT {
    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("secure");
    private final TestCertificates certificates;
    private final Path folder;

    SecureConnectionIT(EmbeddedKafka kafka, @TempDir Path folder) {
        this.kafka = kafka;
        this.folder = folder;
        this.certificates = new TestCertificates(folder);
    }

    private RunningIngest ingest(int port, Consumer<ObjectNode> edit) {
        return RunningIngest.start(RunningIngest.config(
                kafka.bootstrapServers(), port, app, app, "safe/#", root -> edit.accept(RunningIngest.broker(root))));
    }

    private void messagesArrive(MosquittoProcess mosquitto, RunningIngest ingest) {
        ingest.awaitReady();
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            publisher.send("safe/x", 1);
            publisher.flush();
            new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void messagesArriveOverTls(int version) {
        try (MosquittoProcess mosquitto =
                        MosquittoProcess.builder().tls(certificates).launch();
                RunningIngest ingest = ingest(
                        mosquitto.tlsPort(),
                        broker -> broker.put("mqtt_version", version)
                                .putObject("tls")
                                .put("ca_file", certificates.caFile().toString()))) {
            messagesArrive(mosquitto, ingest);
        }
    }

    @Test
    void messagesArriveOverMutualTls() {
        TestCertificates.Identity client = certificates.client("relay");
        try (MosquittoProcess mosquitto =
                        MosquittoProcess.builder().mutualTls(certificates).launch();
                RunningIngest ingest = ingest(
                        mosquitto.tlsPort(),
                        broker -> broker.putObject("tls")
                                .put("ca_file", certificates.caFile().toString())
                                .put("cert_file", client.certFile().toString())
                                .put("key_file", client.keyFile().toString()))) {
            messagesArrive(mosquitto, ingest);
        }
    }

    @Test
    void aServerOfAnUnknownAuthorityIsRefused() {
        TestCertificates others = new TestCertificates(folder.resolve("others"));
        try (MosquittoProcess mosquitto =
                        MosquittoProcess.builder().tls(certificates).launch();
                RunningIngest ingest = ingest(
                        mosquitto.tlsPort(),
                        broker -> broker.putObject("tls")
                                .put("ca_file", others.caFile().toString()))) {
            ingest.awaitReason("Signature does not match");
        }
    }

    @Test
    void refusesAnotherHostNameUnlessVerificationIsOff() {
        TestCertificates.Identity other = certificates.server("elsewhere", "elsewhere.example");
        try (TlsFront front = TlsFront.with(certificates.context(other));
                MosquittoProcess mosquitto = MosquittoProcess.launch()) {
            front.to(mosquitto.port());
            try (RunningIngest strict = ingest(
                    front.port(),
                    broker -> broker.putObject("tls")
                            .put("ca_file", certificates.caFile().toString()))) {
                strict.awaitReason("127.0.0.1");
            }
            try (RunningIngest lenient = ingest(
                    front.port(),
                    broker -> broker.putObject("tls")
                            .put("ca_file", certificates.caFile().toString())
                            .put("verify_hostname", false))) {
                messagesArrive(mosquitto, lenient);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void messagesArriveOverWebSocket(int version) {
        try (MosquittoProcess mosquitto =
                        MosquittoProcess.builder().websockets().launch();
                RunningIngest ingest = ingest(
                        mosquitto.websocketPort(),
                        broker -> broker.put("mqtt_version", version).put("websocket_path", "/mqtt"))) {
            messagesArrive(mosquitto, ingest);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void aUserIsKnownByNameAndPassword(int version) {
        MosquittoConfiguration withUser = MosquittoProcess.builder().user("relay", "s3cret");
        try (MosquittoProcess mosquitto = withUser.launch();
                RunningIngest wrong = ingest(
                        mosquitto.port(),
                        broker -> broker.put("mqtt_version", version)
                                .put("username", "relay")
                                .put("password", "wrong"));
                RunningIngest right = ingest(
                        mosquitto.port(),
                        broker -> broker.put("mqtt_version", version)
                                .put("client_id", app + "-right")
                                .put("username", "relay")
                                .put("password", "s3cret"))) {
            wrong.awaitReason("the broker refused");
            right.awaitReady();
        }
    }
}
