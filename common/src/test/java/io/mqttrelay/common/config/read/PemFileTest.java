package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PEM files are checked when the configuration is read, not at the first connection. */
public class PemFileTest {
    public static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBdjCCARugAwIBAgIUG59igsPGExRDpmwMCezEX+oRcwUwCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjIyMDU0MjdaGA8yMTI2MTAyOTIwNTQy
            N1owDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJbp
            QBL0Wj/oLziANG0wgepnAfY6HWG0dcNxuQkKIK8AchdRaumh2nK8EJnqDVbO6y6C
            k0RhqsYOrKOcwazQhl2jUzBRMB0GA1UdDgQWBBQisiWKOp27U8r+4JTtl0y3hHeT
            HzAfBgNVHSMEGDAWgBQisiWKOp27U8r+4JTtl0y3hHeTHzAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0kAMEYCIQCHfQMA2TOabpGh9/01BvL6dMkBZIiT9wIY
            s4PEZLzk+QIhAKWYfLEZEhXIHcaggf1TGptG0f66MaB6wMN1Lk+rpc1J
            -----END CERTIFICATE-----
            """;

    @TempDir
    Path folder;

    /** A key that belongs to no certificate. */
    private static String key() {
        try {
            byte[] encoded = KeyPairGenerator.getInstance("EC")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> said(HeldCertificate held) throws IOException {
        return said(held.certificatePem(), held.privateKeyPkcs8Pem());
    }

    private static HeldCertificate held(Duration begins, Duration ends) {
        Instant now = Instant.now();
        return new HeldCertificate.Builder()
                .commonName("plant")
                .validityInterval(
                        now.plus(begins).toEpochMilli(), now.plus(ends).toEpochMilli())
                .build();
    }

    private List<String> said(String certificate, String key) throws IOException {
        Files.writeString(folder.resolve("cert.pem"), certificate);
        Files.writeString(folder.resolve("key.pem"), key);
        Files.setPosixFilePermissions(folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
        String tls = "\"tls\": {\"ca_file\": \"cert.pem\", \"cert_file\": \"cert.pem\", \"key_file\": \"key.pem\"},";
        return Configs.lines(Configs.write(folder, Configs.json("", "", tls)), Map.of());
    }

    @Test
    void aCertificateAndItsKeyAreFoundBesideTheConfiguration() throws IOException {
        assertThat(said(held(Duration.ofDays(-1), Duration.ofDays(1)))).isEmpty();
        Destination destination = Configs.valid(folder.resolve("relay.json"))
                .routes()
                .get(0)
                .destinations()
                .get(0);
        assertThat(destination.request().tls())
                .isEqualTo(new TlsSettings(
                        folder.resolve("cert.pem"), folder.resolve("cert.pem"), folder.resolve("key.pem"), true));
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws IOException {
        assertThat(said(CERTIFICATE, key()))
                .containsExactly("$.mqtt_brokers[0].sub_deal_config.tls.key_file: " + folder.resolve("key.pem")
                        + ": it is not the key of the certificate in " + folder.resolve("cert.pem"));
    }

    @Test
    void aChainBeginsWithTheKeysCertificateThenItsIssuers() throws IOException {
        HeldCertificate root = new HeldCertificate.Builder()
                .commonName("root")
                .certificateAuthority(1)
                .build();
        HeldCertificate between = new HeldCertificate.Builder()
                .commonName("between")
                .certificateAuthority(0)
                .signedBy(root)
                .build();
        HeldCertificate leaf = new HeldCertificate.Builder()
                .commonName("leaf")
                .signedBy(between)
                .build();
        String key = leaf.privateKeyPkcs8Pem();
        String refused = "$.mqtt_brokers[0].sub_deal_config.tls.cert_file: " + folder.resolve("cert.pem")
                + ": its certificates are no chain: the one of the key must be the first, then the issuer of each, none"
                + " twice";

        assertThat(said(leaf.certificatePem() + between.certificatePem() + root.certificatePem(), key))
                .isEmpty();
        assertThat(said(leaf.certificatePem() + root.certificatePem() + between.certificatePem(), key))
                .containsExactly(refused);
        assertThat(said(
                        leaf.certificatePem()
                                + between.certificatePem()
                                + root.certificatePem()
                                + root.certificatePem(),
                        key))
                .containsExactly(refused);
    }

    @Test
    void reportsInvalidCertificatesWithSubjectAndDate() throws IOException {
        assertThat(said(held(Duration.ofDays(-2), Duration.ofHours(-1))))
                .hasSize(2)
                .allMatch(line -> line.contains("the certificate of CN=plant expired at 20"))
                .anyMatch(line -> line.startsWith("warning: $.mqtt_brokers[0].sub_deal_config.tls.ca_file"))
                .anyMatch(line -> line.startsWith("warning: $.mqtt_brokers[0].sub_deal_config.tls.cert_file"));
        assertThat(said(held(Duration.ofDays(1), Duration.ofDays(2))))
                .hasSize(2)
                .allMatch(line -> line.contains("the certificate of CN=plant is not valid before 20"));
    }

    @Test
    void refusesAFileWithoutACertificate() throws IOException {
        assertThat(said("hunter2", key()))
                .hasSize(2)
                .allMatch(line -> line.contains("the file holds no") && !line.contains("hunter2"));
        assertThat(said("", key())).hasSize(2);
    }

    @Test
    void aKeyThatCannotBeReadIsRefused() throws IOException {
        assertThat(said(CERTIFICATE, "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"))
                .singleElement()
                .asString()
                .contains("tls.key_file: the private key is damaged")
                .doesNotContain("hunter2");
    }

    @Test
    void aKeyInAnotherFormIsToldHowToConvert() throws IOException {
        assertThat(said(CERTIFICATE, "-----BEGIN RSA PRIVATE KEY-----\nhunter2"))
                .singleElement()
                .asString()
                .contains("tls.key_file: the key is not PKCS#8; convert it with: openssl pkcs8 -topk8 -nocrypt")
                .doesNotContain("hunter2");
        assertThat(said(CERTIFICATE, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
                .singleElement()
                .asString()
                .contains("the key is encrypted");
        assertThat(said(CERTIFICATE, CERTIFICATE))
                .singleElement()
                .asString()
                .endsWith("the file holds no PEM private key");
    }
}
