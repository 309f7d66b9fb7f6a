package io.mqttrelay.dispatch.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks HTTP/2 as well, takes connections and reads no request: each call ends at its timeout. */
final class UnreadRequestTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** HTTP/2: the largest windows of a stream and of the connection, so that the client sends the whole body. */
    private static final byte[] WINDOWS =
            HexFormat.of().parseHex("000006040000000000" + "00047fffffff" + "000004080000000000" + "7fff0000");

    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS);
    private SSLServerSocket listener;
    private Sink sink;

    @BeforeEach
    void start(@TempDir Path dir) throws IOException {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        HandshakeCertificates tls =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        listener = (SSLServerSocket) tls.sslContext().getServerSocketFactory().createServerSocket();
        listener.setReceiveBufferSize(4096);
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        listener.setSSLParameters(parameters);
        listener.bind(new InetSocketAddress(RawServer.loopback(1), 0));
        Thread server = new Thread(this::accept, "unread");
        server.setDaemon(true);
        server.start();
        Path ca = Files.writeString(dir.resolve("ca.pem"), certificate.certificatePem());
        var address = Samples.address(
                "https://localhost:" + listener.getLocalPort() + "/", new TlsSettings(ca, null, null, true));
        sink = sinks.sink(Samples.within(TIMEOUT, address));
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                SSLSocket socket = (SSLSocket) listener.accept();
                sockets.add(socket);
                socket.startHandshake();
                if (socket.getApplicationProtocol().equals("h2")) {
                    socket.getOutputStream().write(WINDOWS);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    @AfterEach
    void stop() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        sinks.close();
    }

    @Test
    void eachCallEndsAtItsTimeout() {
        for (int call = 1; call <= 2; call++) {
            SinkResult result = assertTimeoutPreemptively(
                    TIMEOUT.multipliedBy(10),
                    () -> sink.call(Samples.message("x".repeat(32_000_000)), 1).execute());
            assertThat(result)
                    .isInstanceOfSatisfying(
                            Unavailable.class,
                            unavailable -> assertThat(unavailable.error()).contains("timed out"));
        }
        assertThat(sockets).hasSize(2);
    }
}
