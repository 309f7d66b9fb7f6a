package io.mqttrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaCheck.Finding;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.value.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that a Kafka client refuses, or with which it could never connect, are found without a network. */
class ClientCheckTest {
    private static final String PASSWORD = "store-password";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    private static final String LOGIN = " username='u' password='p';";

    @TempDir
    private Path folder;

    private static List<String> said(
            Map<String, String> properties, Map<String, String> producer, Map<String, String> consumer) {
        KafkaSettings settings = new KafkaSettings(
                "no.such.host.invalid:9092",
                "relay",
                1,
                null,
                Duration.ofDays(1),
                Duration.ofDays(1),
                secrets(properties),
                secrets(producer),
                secrets(consumer));
        return new ClientCheck()
                .findings(settings).stream().map(ClientCheckTest::line).toList();
    }

    private static List<String> said(Map<String, String> properties) {
        return said(properties, Map.of(), Map.of());
    }

    private static String line(Finding finding) {
        return (finding.fatal() ? "" : "warning: ") + finding.place() + " " + finding.setting() + ": " + finding.what();
    }

    private static Map<String, Secret> secrets(Map<String, String> settings) {
        Map<String, Secret> secrets = new HashMap<>();
        settings.forEach((name, value) -> secrets.put(name, new Secret(value)));
        return secrets;
    }

    @Test
    void withoutSettingsNothingIsFound() {
        assertThat(said(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"300", "100", "1"})
    void namesASessionTimeoutBelowTheHeartbeatInterval(String millis) {
        assertThat(said(Map.of(), Map.of(), Map.of("session.timeout.ms", millis, "max.poll.records", "10")))
                .singleElement()
                .asString()
                .startsWith("CONSUMER session.timeout.ms: no Kafka client works with it: ");
    }

    @Test
    void soIsAHeartbeatOfAllClients() {
        assertThat(said(Map.of("heartbeat.interval.ms", "20000")))
                .singleElement()
                .asString()
                .startsWith("PROPERTIES heartbeat.interval.ms: ");
    }

    @Test
    void aTimeoutThatEndsBeforeTheRequestIsFound() {
        assertThat(said(Map.of("default.api.timeout.ms", "1000")))
                .singleElement()
                .asString()
                .contains("default.api.timeout.ms (1000) is less than request.timeout.ms (10000)");
        assertThat(said(Map.of(), Map.of(), Map.of("fetch.max.wait.ms", "60000")))
                .singleElement()
                .asString()
                .startsWith("CONSUMER fetch.max.wait.ms: ");
    }

    @ParameterizedTest
    @CsvSource({
        "ssl.cipher.suites, TLS_NONE",
        "ssl.enabled.protocols, TLSv9",
        "ssl.protocol, TLSv9",
        "ssl.truststore.password, of-no-file",
        "ssl.endpoint.identification.algorithm, dns",
        "ssl.trustmanager.algorithm, none"
    })
    void namesATlsSettingThatNoConnectionCanUse(String name, String value) {
        assertThat(said(Map.of("security.protocol", "SSL", name, value)))
                .singleElement()
                .asString()
                .startsWith("PROPERTIES " + name + ": no ");
        assertThat(said(Map.of("security.protocol", "SSL"), Map.of(name, value), Map.of()))
                .singleElement()
                .asString()
                .startsWith("PRODUCER " + name + ": no ");
    }

    @Test
    void takesTlsSettingsThatWork() {
        assertThat(said(Map.of(
                        "security.protocol",
                        "SSL",
                        "ssl.enabled.protocols",
                        "TLSv1.3",
                        "ssl.cipher.suites",
                        "TLS_AES_256_GCM_SHA384",
                        "ssl.endpoint.identification.algorithm",
                        "")))
                .isEmpty();
    }

    @Test
    void aLoginWithoutItsSettingsNamesThem() {
        assertThat(said(Map.of("security.protocol", "SASL_PLAINTEXT")))
                .hasSize(2)
                .anyMatch(line -> line.contains("needs sasl.jaas.config, because security.protocol is SASL_PLAINTEXT"))
                .anyMatch(line -> line.contains("needs sasl.mechanism, because security.protocol is SASL_PLAINTEXT"));
        assertThat(said(sasl("PLAIN", "")))
                .containsExactly(
                        "PROPERTIES null: needs sasl.jaas.config, because security.protocol is SASL_PLAINTEXT");
    }

    @Test
    void aMechanismThatIsNoneIsNamed() {
        assertThat(said(sasl("SCRAM", SCRAM + LOGIN)))
                .singleElement()
                .asString()
                .startsWith("PROPERTIES sasl.mechanism: must be one of ")
                .contains("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "GSSAPI");
    }

    @Test
    void aLoginModuleOfAnotherMechanismIsNamed() {
        assertThat(said(sasl("PLAIN", SCRAM + LOGIN)))
                .containsExactly("PROPERTIES sasl.jaas.config: the login module of mechanism PLAIN is"
                        + " ...plain.PlainLoginModule");
        assertThat(said(Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", PLAIN + LOGIN)))
                .as("Kerberos is Kafka's default")
                .containsExactly("PROPERTIES null: needs sasl.mechanism: the login module of mechanism GSSAPI is"
                        + " ...Krb5LoginModule");
    }

    @Test
    void aLoginWithoutNameOrPasswordIsNamed() {
        assertThat(said(sasl("SCRAM-SHA-512", SCRAM + " username=\"u\" password=\"\";")))
                .containsExactly("PROPERTIES sasl.jaas.config: has an empty password");
        assertThat(said(sasl("PLAIN", PLAIN + " password=\"p\";")))
                .containsExactly("PROPERTIES sasl.jaas.config: needs username=\"...\"");
    }

    @Test
    void aCompleteLoginIsTaken() {
        assertThat(said(sasl("PLAIN", PLAIN + LOGIN))).isEmpty();
        assertThat(said(sasl("SCRAM-SHA-256", SCRAM + LOGIN))).isEmpty();
    }

    @Test
    void settingsThatTheProtocolDoesNotUseAreWarnedOf() {
        assertThat(said(Map.of("sasl.mechanism", "PLAIN", "ssl.truststore.location", "/nowhere")))
                .containsExactly(
                        "warning: PROPERTIES sasl.mechanism: has no effect without security.protocol SASL_SSL or"
                                + " SASL_PLAINTEXT",
                        "warning: PROPERTIES ssl.truststore.location: has no effect without security.protocol SSL or"
                                + " SASL_SSL");
    }

    @Test
    void aTrustStoreThatIsNotThereIsNamed() {
        assertThat(said(tls(Map.of("ssl.truststore.location", "/nowhere/trust.jks"))))
                .containsExactly("PROPERTIES ssl.truststore.location: the file does not exist");
        assertThat(said(Map.of("security.protocol", "ssl", "ssl.truststore.location", "/nowhere/trust.jks")))
                .containsExactly("PROPERTIES ssl.truststore.location: the file does not exist");
    }

    @Test
    void aStoreOfOneKindOfClientIsNamedThere() {
        assertThat(said(tls(Map.of()), Map.of("ssl.keystore.location", "/nowhere/key.p12"), Map.of()))
                .containsExactly("PRODUCER ssl.keystore.location: the file does not exist");
    }

    @Test
    void namesAnUnusableStoreAndItsCauseWithoutThePassword() throws Exception {
        String store = store("trust.p12", valid(), null);
        List<String> said = said(tls(Map.of(
                "ssl.truststore.location", store,
                "ssl.truststore.type", "PKCS12",
                "ssl.truststore.password", "another-password")));
        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("PROPERTIES ssl.truststore.location: cannot be used")
                .contains("password")
                .doesNotContain("another-password");
    }

    @Test
    void aGoodStoreIsTaken() throws Exception {
        HeldCertificate held = valid();
        assertThat(said(tls(keyStore(store("key.p12", held, held))))).isEmpty();
    }

    @Test
    void aKeyOfAnotherCertificateIsNamed() throws Exception {
        assertThat(said(tls(keyStore(store("key.p12", valid(), valid())))))
                .containsExactly("PROPERTIES ssl.keystore.location: the private key is not that of the certificate");
    }

    @Test
    void aKeyStoreWithoutAKeyIsNamed() throws Exception {
        assertThat(said(tls(keyStore(store("key.p12", valid(), null)))))
                .containsExactly("PROPERTIES ssl.keystore.location: holds no private key");
    }

    @Test
    void anExpiredCertificateIsWarnedOf() throws Exception {
        HeldCertificate expired = held(Duration.ofDays(-2), Duration.ofDays(-1));
        assertThat(said(tls(keyStore(store("key.p12", expired, expired)))))
                .singleElement()
                .asString()
                .startsWith("warning: PROPERTIES ssl.keystore.location: the certificate of CN=kafka expired at");
        assertThat(said(tls(
                        Map.of("ssl.truststore.type", "PEM", "ssl.truststore.certificates", expired.certificatePem()))))
                .singleElement()
                .asString()
                .startsWith("warning: PROPERTIES ssl.truststore.certificates: the certificate of CN=kafka expired at");
    }

    private static Map<String, String> sasl(String mechanism, String jaas) {
        Map<String, String> settings = new HashMap<>();
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", mechanism);
        if (!jaas.isEmpty()) {
            settings.put("sasl.jaas.config", jaas);
        }
        return settings;
    }

    private static Map<String, String> tls(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("security.protocol", "SSL");
        return settings;
    }

    private static Map<String, String> keyStore(String file) {
        return Map.of(
                "ssl.keystore.location", file,
                "ssl.keystore.type", "PKCS12",
                "ssl.keystore.password", PASSWORD,
                "ssl.key.password", PASSWORD);
    }

    private static HeldCertificate valid() {
        return held(Duration.ofDays(-1), Duration.ofDays(1));
    }

    private static HeldCertificate held(Duration begins, Duration ends) {
        Instant now = Instant.now();
        return new HeldCertificate.Builder()
                .commonName("kafka")
                .validityInterval(
                        now.plus(begins).toEpochMilli(), now.plus(ends).toEpochMilli())
                .build();
    }

    /** @param key the private key in the store; null: none */
    private String store(String name, HeldCertificate certificate, HeldCertificate key)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (key == null) {
            store.setCertificateEntry("one", certificate.certificate());
        } else {
            store.setKeyEntry("one", key.keyPair().getPrivate(), PASSWORD.toCharArray(), new Certificate[] {
                certificate.certificate()
            });
        }
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file.toString();
    }
}
