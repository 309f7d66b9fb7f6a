package io.mqttrelay.dispatch.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.TlsSettings;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules hold over HTTP/2 as well: one attempt, one request; a bad stream is not the end of its connection. */
class Http2Test {
    private static final int NO_ERROR = 0;
    private static final int INTERNAL_ERROR = 2;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;

    private static final HeldCertificate CERTIFICATE =
            new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();

    private final MockWebServer server = new MockWebServer();
    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS);
    private Sink sink;

    @BeforeEach
    void start(@TempDir Path dir) throws IOException {
        HandshakeCertificates tls =
                new HandshakeCertificates.Builder().heldCertificate(CERTIFICATE).build();
        server.useHttps(tls.sslSocketFactory());
        server.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
        server.start();
        Path ca = Files.writeString(dir.resolve("ca.pem"), CERTIFICATE.certificatePem());
        var address =
                Samples.address("https://localhost:" + server.getPort() + "/", new TlsSettings(ca, null, null, true));
        sink = sinks.sink(Samples.route(Samples.TIMEOUT, address), address);
    }

    @AfterEach
    void stop() {
        sinks.close();
        server.close();
    }

    private SinkResult call() {
        return sink.call(Samples.message("{}"), 1).execute();
    }

    private static MockResponse.Builder ok() {
        return new MockResponse.Builder();
    }

    @ParameterizedTest
    @ValueSource(ints = {NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM, CANCEL})
    void aStreamThatIsResetIsOneFailedAttempt(int code) {
        server.enqueue(ok().onResponseStart(new SocketEffect.CloseStream(code)).build());
        server.enqueue(ok().build());

        assertThat(call()).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.status()).isNull();
            assertThat(unavailable.error()).startsWith("connection failed: stream was reset");
        });
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(call()).isEqualTo(new Accepted(200));
    }

    @Test
    void aBodyThatIsTooLongEndsItsStreamAndNotTheConnection() throws InterruptedException {
        server.enqueue(ok().body(new Buffer().write(new byte[10_000_000])).build());
        server.enqueue(ok().build());

        assertThat(call()).isEqualTo(new Accepted(200));
        assertThat(call()).isEqualTo(new Accepted(200));

        assertThat(server.takeRequest().getConnectionIndex())
                .isEqualTo(server.takeRequest().getConnectionIndex());
    }

    @Test
    void aBodyThatIsCutIsSuccessAllTheSame() {
        server.enqueue(ok().body("x".repeat(100_000))
                .onResponseBody(new SocketEffect.CloseStream(INTERNAL_ERROR))
                .build());
        assertThat(call()).isEqualTo(new Accepted(200));
    }
}
