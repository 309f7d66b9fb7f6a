package io.mqttrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.testkit.kafka.SecureKafka;
import io.mqttrelay.testkit.net.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay's Kafka clients and a broker that requires a password or a certificate. */
@Timeout(60)
class SecureKafkaIT {
    private static final String PASSWORD = SecureKafka.PASSWORD;

    @TempDir
    private static Path folder;

    private static TestCertificates authority;
    private static SecureKafka kafka;

    @BeforeAll
    static void start() throws Exception {
        authority = new TestCertificates(folder.resolve("authority"));
        kafka = SecureKafka.launch(authority, folder);
        kafka.addUser("relay", PASSWORD);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static KafkaClients clients(int port, Map<String, String> properties) {
        Map<String, Secret> secrets = new HashMap<>();
        properties.forEach((key, value) -> secrets.put(key, new Secret(value)));
        return new KafkaClients(
                new KafkaSettings(
                        "localhost:" + port,
                        "relay",
                        1,
                        null,
                        Duration.ofDays(7),
                        Duration.ofDays(30),
                        secrets,
                        Map.of(),
                        Map.of()),
                "test");
    }

    private static Map<String, String> login(String mechanism, String password) {
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                "org.apache.kafka.common.security." + module + " required username=\"relay\" password=\"" + password
                        + "\";",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.caFile().toString());
    }

    private Map<String, String> certificate(Path file) {
        return Map.of(
                "security.protocol", "SSL",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", authority.caFile().toString(),
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", file.toString());
    }

    /** Kafka requires key and chain in one file. */
    private static Path keyStore(TestCertificates.Identity identity, String name) throws IOException {
        Path file = folder.resolve(name);
        Path whole = folder.resolve(name + ".new");
        Files.writeString(whole, Files.readString(identity.keyFile()) + Files.readString(identity.certFile()));
        return Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void recordsGoThrough(KafkaClients clients, String topic) throws Exception {
        try (Admin admin = clients.admin("topics");
                Producer<byte[], byte[]> producer = clients.producer("write");
                Consumer<byte[], byte[]> consumer = clients.consumer("poll", topic, OffsetReset.EARLIEST)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(20, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(20)) // the relay's producer waits for unknown metadata for a second only
                    .ignoreException(TimeoutException.class)
                    .until(() -> !producer.partitionsFor(topic).isEmpty());
            producer.send(new ProducerRecord<>(topic, new byte[] {1})).get(20, TimeUnit.SECONDS);
            consumer.subscribe(List.of(topic));
            List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
            while (read.isEmpty()) {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
            }
            consumer.commitSync(Duration.ofSeconds(10));
            assertThat(consumer.position(new TopicPartition(topic, 0))).isEqualTo(1);
        }
    }

    private static Throwable failure(KafkaClients clients) {
        try (Admin admin = clients.admin("refused")) {
            admin.listTopics().names().get(20, TimeUnit.SECONDS);
            throw new AssertionError("was let in");
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-512", "PLAIN"})
    void withAPasswordOverTls(String mechanism) throws Exception {
        recordsGoThrough(clients(kafka.saslPort(), login(mechanism, PASSWORD)), "password-" + mechanism);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-512", "PLAIN"})
    void aWrongPasswordIsRefusedAndNotSaid(String mechanism) {
        assertThat(failure(clients(kafka.saslPort(), login(mechanism, "wr0ng-passw0rd"))))
                .isInstanceOf(SaslAuthenticationException.class)
                .message()
                .doesNotContain("wr0ng-passw0rd");
    }

    @Test
    void withACertificate() throws Exception {
        Path file = keyStore(authority.client("relay"), "relay-key.pem");
        recordsGoThrough(clients(kafka.mutualPort(), certificate(file)), "certificate");
    }

    @Test
    void aClientWithoutACertificateIsRefused() {
        Map<String, String> noKey = new HashMap<>(certificate(folder));
        noKey.keySet().removeIf(key -> key.startsWith("ssl.keystore"));
        assertThat(failure(clients(kafka.mutualPort(), noKey))).isInstanceOf(SslAuthenticationException.class);
    }

    @Test
    void aBrokerOfAnotherAuthorityIsNotBelieved() {
        Map<String, String> other = new HashMap<>(login("SCRAM-SHA-512", PASSWORD));
        other.put(
                "ssl.truststore.location",
                new TestCertificates(folder.resolve("other")).caFile().toString());
        assertThat(failure(clients(kafka.saslPort(), other))).isInstanceOf(SslAuthenticationException.class);
    }

    @Test
    void aBrokerOfAnotherNameIsNotBelieved() throws Exception {
        try (SecureKafka elsewhere = SecureKafka.launch(
                authority, folder.resolve("elsewhere"), authority.server("elsewhere", "elsewhere.example"))) {
            assertThat(failure(clients(elsewhere.saslPort(), login("PLAIN", PASSWORD))))
                    .isInstanceOf(SslAuthenticationException.class);
        }
    }

    @Test
    void aKeyThatIsReplacedIsUsedForTheNextConnection() throws Exception {
        TestCertificates others = new TestCertificates(folder.resolve("strangers"));
        Path file = keyStore(others.client("relay"), "renewed-key.pem");
        try (Admin admin = clients(kafka.mutualPort(), certificate(file)).admin("renewed")) {
            assertThatThrownBy(() -> admin.listTopics().names().get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SslAuthenticationException.class);

            keyStore(authority.client("relay"), "renewed-key.pem");

            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).isNotNull();

            Files.writeString(file, "still being written");
            admin.describeCluster().nodes().get(20, TimeUnit.SECONDS);
        }
    }
}
