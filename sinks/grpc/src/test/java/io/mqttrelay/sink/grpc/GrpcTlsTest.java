package io.mqttrelay.sink.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import io.mqttrelay.dispatch.sink.Sinks;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import io.mqttrelay.testkit.net.TestCertificates;
import io.mqttrelay.testkit.net.TestCertificates.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS to receivers: which certificates are trusted, and how the relay identifies itself. */
@Timeout(60)
class GrpcTlsTest {
    private final Sinks sinks = GrpcAddress.sinks();

    @TempDir
    private Path folder;

    private TestCertificates certificates;

    @BeforeEach
    void issue() {
        certificates = new TestCertificates(folder);
    }

    @AfterEach
    void stop() {
        sinks.close();
    }

    private TestReceiver serve(Identity identity, TlsServerCredentials.ClientAuth client) throws IOException {
        ServerCredentials credentials = TlsServerCredentials.newBuilder()
                .keyManager(identity.certFile().toFile(), identity.keyFile().toFile())
                .trustManager(certificates.caFile().toFile())
                .clientAuth(client)
                .build();
        return new TestReceiver(0, credentials, builder -> builder);
    }

    private TestReceiver serve(Identity identity) throws IOException {
        return serve(identity, TlsServerCredentials.ClientAuth.NONE);
    }

    private Sink sink(String host, TestReceiver receiver, String tls) {
        return GrpcAddress.of("""
                {"url": "grpcs://%s:%d", "tls": {%s}}\
                """.formatted(host, receiver.port(), tls)).in(sinks);
    }

    private String trusting() {
        return "\"ca_file\": \"" + certificates.caFile() + '"';
    }

    private static SinkResult send(Sink sink) {
        return sink.call(GrpcAddress.message("a"), 1).execute();
    }

    private static Unavailable failure(String error) {
        return new Unavailable(Cause.ADDRESS, null, error, null);
    }

    @Test
    void aTrustedServerGetsTheMessage() throws IOException {
        try (TestReceiver receiver = serve(certificates.localServer())) {
            assertThat(send(sink("localhost", receiver, trusting()))).isInstanceOf(Accepted.class);
            assertThat(send(sink("127.0.0.1", receiver, trusting()))).isInstanceOf(Accepted.class);
        }
    }

    @Test
    void anUnknownAuthorityIsNotTrusted() throws IOException {
        try (TestReceiver receiver = serve(certificates.localServer())) {
            assertThat(send(GrpcAddress.url("grpcs://localhost:" + receiver.port())
                            .in(sinks)))
                    .isEqualTo(failure("TLS: certificate of an unknown authority"));
        }
    }

    @Test
    void anExpiredCertificateIsNotTrusted() throws IOException {
        try (TestReceiver receiver = serve(certificates.expiredServer())) {
            assertThat(send(sink("localhost", receiver, trusting()))).isEqualTo(failure("TLS: certificate expired"));
        }
    }

    @Test
    void aCertificateForAnotherHostIsNotTrusted() throws IOException {
        try (TestReceiver receiver = serve(certificates.server("other", "other.example"))) {
            assertThat(send(sink("localhost", receiver, trusting())))
                    .isEqualTo(failure("TLS: the certificate is not for this host name"));
        }
    }

    @Test
    void aNameInTheSubjectAloneIsNotEnough() throws IOException {
        try (TestReceiver receiver = serve(certificates.server("localhost"))) {
            assertThat(send(sink("localhost", receiver, trusting())))
                    .isEqualTo(failure("TLS: the certificate is not for this host name"));
        }
    }

    @Test
    void theRelayShowsItsCertificate() throws IOException {
        Identity client = certificates.client("relay");
        String mutual = trusting() + ", \"cert_file\": \"" + client.certFile() + "\", \"key_file\": \""
                + client.keyFile() + '"';
        try (TestReceiver receiver = serve(certificates.localServer(), TlsServerCredentials.ClientAuth.REQUIRE)) {
            assertThat(send(sink("localhost", receiver, mutual))).isInstanceOf(Accepted.class);
            assertThat(send(sink("localhost", receiver, trusting())))
                    .isInstanceOf(Unavailable.class)
                    .extracting("cause")
                    .isEqualTo(Cause.ADDRESS);
        }
    }

    @Test
    void aReplacedFileCountsForTheNextConnection() throws IOException {
        Path trusted = Files.copy(certificates.caFile(), folder.resolve("trusted.pem"));
        TestCertificates renewed = new TestCertificates(folder.resolve("renewed"));
        try (TestReceiver receiver = serve(renewed.localServer())) {
            Sink sink = sink("localhost", receiver, "\"ca_file\": \"" + trusted + '"');
            assertThat(send(sink)).extracting("error").asString().startsWith("TLS: ");

            Files.copy(renewed.caFile(), trusted, StandardCopyOption.REPLACE_EXISTING);

            // the library tells calls of a failure a moment before it changes the state of the channel
            await().atMost(5, TimeUnit.SECONDS).until(() -> send(sink) instanceof Accepted);
        }
    }

    @Test
    void anUnreadableFileStopsTheStart() {
        GrpcAddress address = GrpcAddress.of("""
            {"url": "grpcs://localhost:1", "tls": {"ca_file": "%s"}}\
            """.formatted(certificates.caFile()));
        certificates.caFile().toFile().delete();

        assertThatThrownBy(() -> address.in(sinks))
                .isInstanceOf(UnusableAddressException.class)
                .hasMessageContaining("there is no such file");
    }

    @Test
    void aServerWithoutTlsIsToldFromOneWith() throws IOException {
        try (TestReceiver plain = new TestReceiver();
                TestReceiver secure = serve(certificates.localServer())) {
            assertThat(send(sink("localhost", plain, trusting())))
                    .extracting("cause")
                    .isEqualTo(Cause.ADDRESS);
            assertThat(send(GrpcAddress.url("grpc://localhost:" + secure.port(), "\"timeout\": \"2s\"")
                            .in(sinks)))
                    .extracting("cause")
                    .isEqualTo(Cause.ADDRESS);
        }
    }
}
