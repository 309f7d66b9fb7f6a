package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.net.OldTlsServer;
import io.mqttrelay.testkit.net.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates are replaced while the relay runs, on either side, and old protocols are refused. */
class RenewedTlsTest {
    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS);

    @TempDir
    private Path folder;

    private TestCertificates authority;
    private MockWebServer server;
    private TlsSettings files;

    @BeforeEach
    void start() throws IOException {
        authority = new TestCertificates(folder.resolve("authority"));
        files = new TlsSettings(folder.resolve("ca.pem"), folder.resolve("my.pem"), folder.resolve("my.key"), true);
        replace(authority.caFile(), "ca.pem");
        replaceOwn(authority.client("one"));
        // no other process takes this port between a stop and a start
        server = serve(authority.localServer(), LoopbackPorts.free());
    }

    @AfterEach
    void stop() {
        sinks.close();
        server.close();
    }

    private MockWebServer serve(TestCertificates.Identity identity, int port) throws IOException {
        MockWebServer starting = new MockWebServer();
        starting.useHttps(authority.context(identity).getSocketFactory());
        starting.requireClientAuth();
        for (int i = 0; i < 10; i++) {
            starting.enqueue(
                    new MockResponse.Builder().addHeader("Connection", "close").build());
        }
        starting.setProtocols(List.of(Protocol.HTTP_1_1));
        starting.start(port);
        return starting;
    }

    private void replaceOwn(TestCertificates.Identity identity) throws IOException {
        replace(identity.certFile(), "my.pem");
        replace(identity.keyFile(), "my.key");
    }

    private void replace(Path from, String name) throws IOException {
        Path moved = Files.copy(from, folder.resolve("new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(moved, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Sink sink(int port) {
        Destination address = Samples.address("https://localhost:" + port + "/", files);
        return sinks.sink(address);
    }

    private static SinkResult call(Sink sink) {
        return sink.call(Samples.message("{}"), 1).execute();
    }

    private String nameSeenByTheServer() throws InterruptedException {
        return String.valueOf(server.takeRequest().getHandshake().peerPrincipal());
    }

    @Test
    void aServersNewCertificateOfTheSameAuthorityIsBelieved() throws Exception {
        Sink sink = sink(server.getPort());
        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));

        server.close();
        server = serve(authority.localServer(), server.getPort());

        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));
    }

    @Test
    void theRelaysNewCertificateIsShownFromTheNextConnectionOn() throws Exception {
        Sink sink = sink(server.getPort());
        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));
        assertThat(nameSeenByTheServer()).contains("CN=one");

        replaceOwn(authority.client("two"));

        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));
        assertThat(nameSeenByTheServer()).contains("CN=two");
    }

    @Test
    void aCertificateWhoseKeyIsStillToComeLeavesTheOldOneInUse() throws Exception {
        Sink sink = sink(server.getPort());
        TestCertificates.Identity two = authority.client("two");

        replace(two.certFile(), "my.pem");
        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));
        assertThat(nameSeenByTheServer()).contains("CN=one");

        replace(two.keyFile(), "my.key");
        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));
        assertThat(nameSeenByTheServer()).contains("CN=two");
    }

    @Test
    void filesThatVanishLeaveTheOldOnesInUse() throws Exception {
        Sink sink = sink(server.getPort());
        Files.delete(folder.resolve("ca.pem"));
        Files.delete(folder.resolve("my.key"));

        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));
    }

    @Test
    void anotherAuthorityIsTrustedInsteadFromTheNextConnectionOn() throws Exception {
        Sink sink = sink(server.getPort());
        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));

        replace(new TestCertificates(folder.resolve("other")).caFile(), "ca.pem");
        assertThat(call(sink))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.error()).startsWith("TLS: "));

        replace(authority.caFile(), "ca.pem");
        assertThat(call(sink)).isEqualTo(new Accepted(answered(200)));
    }

    @Test
    void aServerWithoutTls12IsRefused() throws Exception {
        try (OldTlsServer old = new OldTlsServer()) {
            assertThat(call(sink(old.port())))
                    .isEqualTo(new Unavailable(
                            SinkResult.Cause.ADDRESS, null, "TLS: the server has no TLS 1.2 or newer", null));
            await().until(() -> !old.said().isEmpty());
            assertThat(old.said()).allSatisfy(bytes -> {
                assertThat(bytes).startsWith((byte) 21); // an alert, and nothing after it
                assertThat(bytes.length).isLessThan(10);
            });
        }
    }

    @Test
    void aServerThatWantsACertificateIsToldApart() throws IOException {
        replace(authority.caFile(), "ca.pem");
        Destination address = Samples.address(
                "https://localhost:" + server.getPort() + "/",
                new TlsSettings(folder.resolve("ca.pem"), null, null, true));
        SinkResult result = call(sinks.sink(address));
        assertThat(result)
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.error())
                                .matches("TLS: the server wants a client certificate.*|connection .*")); // or the
        // server's
        // reset wins
    }
}
