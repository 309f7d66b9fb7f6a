package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which certificates the relay trusts, and how it identifies itself. */
class CallbackTlsTest {
    private static final HeldCertificate AUTHORITY = new HeldCertificate.Builder()
            .certificateAuthority(1)
            .commonName("our authority")
            .build();
    private static final HeldCertificate CLIENT = new HeldCertificate.Builder()
            .signedBy(AUTHORITY)
            .commonName("relay")
            .build();

    private final MockWebServer server = new MockWebServer();
    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS);

    @TempDir
    Path dir;

    @AfterEach
    void stop() {
        sinks.close();
        server.close();
    }

    private static HeldCertificate.Builder certificate() {
        return new HeldCertificate.Builder().signedBy(AUTHORITY).addSubjectAlternativeName("localhost");
    }

    private void serve(HeldCertificate certificate) throws IOException {
        HandshakeCertificates tls = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .addTrustedCertificate(AUTHORITY.certificate())
                .build();
        server.useHttps(tls.sslSocketFactory());
        server.enqueue(new MockResponse.Builder().build());
        server.start();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(dir.resolve(name), content);
    }

    private TlsSettings trusting() throws IOException {
        return new TlsSettings(file("ca.pem", "our CA\n" + AUTHORITY.certificatePem()), null, null, true);
    }

    private TlsSettings identified() throws IOException {
        Path key = file("key.pem", CLIENT.privateKeyPkcs8Pem());
        Path chain = file("client.pem", CLIENT.certificatePem() + AUTHORITY.certificatePem());
        return new TlsSettings(trusting().caFile(), chain, key, true);
    }

    private Sink sink(TlsSettings tls) {
        // a server that was not started has no port, and a sink of a bad file needs none
        var address = Samples.address("https://localhost:" + (server.getStarted() ? server.getPort() : 1) + "/", tls);
        return sinks.sink(address);
    }

    private SinkResult call(TlsSettings tls) {
        return sink(tls).call(Samples.message("{}"), 1).execute();
    }

    private static Unavailable failure(String error) {
        return new Unavailable(SinkResult.Cause.ADDRESS, null, "TLS: " + error, null);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aCertificateOfTheConfiguredAuthorityIsBelieved(Protocol protocol) throws Exception {
        // HTTP/2 may be offered and is not used
        server.setProtocols(protocol == Protocol.HTTP_2 ? List.of(protocol, Protocol.HTTP_1_1) : List.of(protocol));
        serve(certificate().build());
        assertThat(call(trusting())).isEqualTo(new Accepted(answered(200)));
        assertThat(server.takeRequest().getVersion()).isEqualTo("HTTP/1.1");
    }

    @Test
    void theJvmDoesNotKnowOurAuthority() throws IOException {
        serve(certificate().build());
        assertThat(call(TlsSettings.JVM_DEFAULT)).isEqualTo(failure("certificate of an unknown authority"));
    }

    @Test
    void aCertificateOfAnotherHostIsNotBelieved() throws IOException {
        serve(new HeldCertificate.Builder()
                .signedBy(AUTHORITY)
                .addSubjectAlternativeName("elsewhere.example")
                .build());
        assertThat(call(trusting())).isEqualTo(failure("the certificate is not for this host name"));
    }

    @Test
    void anExpiredCertificateIsNotBelieved() throws IOException {
        serve(certificate().validityInterval(0, TimeUnit.DAYS.toMillis(1)).build());
        assertThat(call(trusting())).isEqualTo(failure("certificate expired"));
    }

    @Test
    void aCertificateOfTheFutureIsNotBelieved() throws IOException {
        long now = System.currentTimeMillis();
        serve(certificate()
                .validityInterval(now + TimeUnit.DAYS.toMillis(1), now + TimeUnit.DAYS.toMillis(2))
                .build());
        assertThat(call(trusting())).isEqualTo(failure("certificate not yet valid"));
    }

    @Test
    void theRelayShowsItsCertificate() throws Exception {
        server.requireClientAuth();
        serve(certificate().build());
        assertThat(call(identified())).isEqualTo(new Accepted(answered(200)));
        assertThat(server.takeRequest().getHandshake().peerPrincipal().getName())
                .contains("CN=relay");
    }

    @Test
    void withoutACertificateItIsTurnedAway() throws IOException {
        server.requireClientAuth();
        serve(certificate().build());
        assertThat(call(trusting())).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.answer()).isNull();
            assertThat(unavailable.error())
                    .matches("TLS: .*|connection (reset|closed before an answer)|connection failed: .*");
        });
    }

    @Test
    void aPlainServerIsNotATlsServer() throws IOException {
        try (RawServer plain = new RawServer(exchange -> exchange.write("HTTP/1.1 400 Bad\r\n\r\n"))) {
            var address = Samples.address(plain.url().replace("http:", "https:"), trusting());
            SinkResult result =
                    sinks.sink(address).call(Samples.message("1"), 1).execute();
            assertThat(result)
                    .isInstanceOfSatisfying(
                            Unavailable.class,
                            unavailable -> assertThat(unavailable.answer()).isNull());
        }
    }

    static Stream<Arguments> badFiles() {
        String rsa = "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n";
        String encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n";
        String damaged = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        String broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        String other = new HeldCertificate.Builder().build().privateKeyPkcs8Pem();
        return Stream.of(
                Arguments.of("ca.pem", "", "the file holds no certificate"),
                Arguments.of("ca.pem", broken, "no PEM certificate that can be read"),
                Arguments.of("client.pem", "hello", "the file holds no certificate"),
                Arguments.of("key.pem", rsa, "openssl pkcs8 -topk8"),
                Arguments.of("key.pem", encrypted, "encrypted"),
                Arguments.of("key.pem", damaged, "damaged"),
                Arguments.of("key.pem", "", "the file holds no PEM private key"),
                Arguments.of("key.pem", other, "is not the key of the certificate"));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void aBadFileIsNamedAtStart(String name, String content, String problem) throws IOException {
        TlsSettings settings = identified();
        file(name, content);
        assertThatThrownBy(() -> sink(settings))
                .isInstanceOf(UnusableAddressException.class)
                .hasMessageContaining(dir.resolve(name).toString())
                .hasMessageContaining(problem);
    }

    @Test
    void aMissingFileIsNamedAtStart() throws IOException {
        TlsSettings settings = identified();
        Files.delete(dir.resolve("client.pem"));
        assertThatThrownBy(() -> sink(settings)).hasMessage(dir.resolve("client.pem") + ": there is no such file");
    }

    @Test
    void aFolderIsNotAFile() {
        TlsSettings settings = new TlsSettings(dir, null, null, true);
        assertThatThrownBy(() -> sink(settings)).hasMessage(dir + ": not a file");
    }
}
