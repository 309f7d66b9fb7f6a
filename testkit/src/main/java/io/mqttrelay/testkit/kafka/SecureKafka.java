package io.mqttrelay.testkit.kafka;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.net.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A Kafka with a listener for passwords over TLS, and one for certificates. The plain listener is for the test
 * itself.
 */
public record SecureKafka(EmbeddedKafka kafka, int saslPort, int mutualPort) implements AutoCloseable {
    /** The password of user {@code relay} for the mechanism PLAIN. */
    public static final String PASSWORD = "s3cret-of-the-relay";

    private static final String PLAIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required user_relay=\"" + PASSWORD + "\";";

    /** Launches it with a certificate for loopback. */
    public static SecureKafka launch(TestCertificates authority, Path folder) throws IOException {
        return launch(authority, folder, authority.localServer());
    }

    /**
     * Launches it with the given certificate.
     *
     * @param folder for the broker's key
     */
    public static SecureKafka launch(TestCertificates authority, Path folder, TestCertificates.Identity server)
            throws IOException {
        Path key = Files.createDirectories(folder).resolve("broker-key.pem");
        Files.writeString(key, Files.readString(server.keyFile()) + Files.readString(server.certFile()));
        int plain = LoopbackPorts.free();
        int sasl = LoopbackPorts.free();
        int mutual = LoopbackPorts.free();
        int controller = LoopbackPorts.free();
        EmbeddedKafka kafka = EmbeddedKafka.builder()
                .port(plain)
                .property(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:" + plain + ",SASL_SSL://127.0.0.1:" + sasl + ",SSL://127.0.0.1:"
                                + mutual + ",CONTROLLER://127.0.0.1:" + controller)
                .property("controller.quorum.voters", "1@127.0.0.1:" + controller)
                .property(
                        "advertised.listeners",
                        "PLAINTEXT://127.0.0.1:" + plain + ",SASL_SSL://localhost:" + sasl + ",SSL://localhost:"
                                + mutual)
                .property(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL")
                .property("sasl.enabled.mechanisms", "SCRAM-SHA-512,PLAIN")
                .property(
                        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                .property("listener.name.sasl_ssl.plain.sasl.jaas.config", PLAIN)
                .property("listener.name.ssl.ssl.client.auth", "required")
                .property("ssl.keystore.type", "PEM")
                .property("ssl.keystore.location", key.toString())
                .property("ssl.truststore.type", "PEM")
                .property("ssl.truststore.location", authority.caFile().toString())
                .launch();
        return new SecureKafka(kafka, sasl, mutual);
    }

    /** Adds a user for SCRAM-SHA-512. */
    public void addUser(String name, String password) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
