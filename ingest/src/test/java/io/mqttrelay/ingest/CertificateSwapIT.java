package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.OldTlsServer;
import io.mqttrelay.testkit.net.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of either side are replaced while ingest runs; no restart is needed. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class CertificateSwapIT {
    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("swap");

    @TempDir
    private Path folder;

    private TestCertificates authority;
    private TestCertificates strangers;

    CertificateSwapIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void makeFiles() throws IOException {
        authority = new TestCertificates(folder.resolve("authority"));
        strangers = new TestCertificates(folder.resolve("strangers"));
        replace(authority.caFile(), "ca.pem");
        replaceOwn(authority.client("relay"));
    }

    private void replaceOwn(TestCertificates.Identity identity) throws IOException {
        replace(identity.certFile(), "my.pem");
        replace(identity.keyFile(), "my.key");
    }

    private void replace(Path from, String name) throws IOException {
        Path copy = Files.copy(from, folder.resolve("new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private RunningIngest ingest(int port) {
        return RunningIngest.start(RunningIngest.config(
                kafka.bootstrapServers(),
                port,
                app,
                app,
                "swap/#",
                root -> RunningIngest.broker(root)
                        .putObject("tls")
                        .put("ca_file", folder.resolve("ca.pem").toString())
                        .put("cert_file", folder.resolve("my.pem").toString())
                        .put("key_file", folder.resolve("my.key").toString())));
    }

    private void messagesArrive(MosquittoProcess mosquitto, RunningIngest ingest) {
        ingest.awaitReady();
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            publisher.send("swap/x", 1);
            publisher.flush();
            new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
        }
    }

    @Test
    void aBrokersNewCertificateOfTheSameAuthorityIsBelieved() {
        try (MosquittoProcess mosquitto = MosquittoProcess.builder()
                        .persistence()
                        .mutualTls(authority)
                        .launch();
                RunningIngest ingest = ingest(mosquitto.tlsPort())) {
            messagesArrive(mosquitto, ingest);
            mosquitto.stop();
            authority.localServer(); // overwrites the files that the broker reads
            mosquitto.start();
            messagesArrive(mosquitto, ingest);
        }
    }

    @Test
    void theRelaysOwnNewCertificateIsShownAtTheNextConnection() throws IOException {
        replaceOwn(strangers.client("relay"));
        try (MosquittoProcess mosquitto =
                        MosquittoProcess.builder().mutualTls(authority).launch();
                RunningIngest ingest = ingest(mosquitto.tlsPort())) {
            ingest.awaitReason("Received fatal alert");
            replaceOwn(authority.client("relay"));
            messagesArrive(mosquitto, ingest);
        }
    }

    @Test
    void anotherAuthorityIsTrustedAtTheNextConnection() throws IOException {
        replace(strangers.caFile(), "ca.pem");
        try (MosquittoProcess mosquitto =
                        MosquittoProcess.builder().mutualTls(authority).launch();
                RunningIngest ingest = ingest(mosquitto.tlsPort())) {
            ingest.awaitReason("Signature does not match");
            Files.delete(folder.resolve("ca.pem"));
            ingest.awaitReason("there is no such file");
            replace(authority.caFile(), "ca.pem");
            messagesArrive(mosquitto, ingest);
        }
    }

    @Test
    void aBrokerWithoutTls12IsRefusedAndHearsNothingInClear() {
        try (OldTlsServer old = new OldTlsServer();
                RunningIngest ingest = ingest(old.port())) {
            ingest.awaitReason("protocol version");
            await().until(() -> !old.said().isEmpty());
            assertThat(old.said())
                    .allSatisfy(bytes -> assertThat(bytes).startsWith((byte) 21).hasSizeLessThan(10));
        }
    }
}
