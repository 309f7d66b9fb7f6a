package io.mqttrelay.common.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.metrics.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Liveness is answered while other clients of the admin port are slow or silent. */
@Timeout(60)
class SlowClientsTest {
    private static final int PROBES = 6;
    /** More than an orchestrator's timeout of a second, for a build machine under load. */
    private static final int PROBE_MILLIS = 3000;

    private static final String HALF = "GET /health/live HTTP/1.1\r\nHost:";
    private static final String PROBE = "GET /health/live HTTP/1.0\r\n\r\n";

    private final Metrics metrics = new Metrics();
    private final List<Socket> sockets = new ArrayList<>();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start("127.0.0.1", 0, new Readiness(), metrics);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
        metrics.close();
    }

    @Test
    void idleAndHalfSentConnectionsDoNotKeepAProbeOut() throws Exception {
        for (int i = 0; i < 300; i++) {
            connect(0);
            connect(0).getOutputStream().write(HALF.getBytes(StandardCharsets.US_ASCII));
        }

        assertProbesAreAnswered();
    }

    @Test
    void aStreamOfHalfSentRequestsDoesNotKeepAProbeOut() throws Exception {
        for (int probe = 0; probe < PROBES; probe++) {
            for (int i = 0; i < 100; i++) {
                connect(0).getOutputStream().write(HALF.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(probe()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void clientsThatDoNotReadTheirAnswerDoNotKeepAProbeOut() throws Exception {
        for (int i = 0; i < 40_000; i++) {
            metrics.registry()
                    .counter(
                            "relay.test", "label", "a-long-value-of-this-label-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-" + i);
        }
        for (int i = 0; i < 40; i++) {
            connect(4096)
                    .getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        assertProbesAreAnswered();
    }

    @Test
    void aSlowClientIsCutOffOnlyWhenOthersWait() throws Exception {
        Socket slow = connect(0);
        slow.getOutputStream().write(HALF.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 100; i++) {
            assertThat(probe()).startsWith("HTTP/1.1 200");
        }

        slow.getOutputStream().write(" a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        slow.setSoTimeout(PROBE_MILLIS);
        assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200");
    }

    private void assertProbesAreAnswered() throws Exception {
        for (int i = 0; i < PROBES; i++) {
            assertThat(probe()).startsWith("HTTP/1.1 200");
        }
    }

    /** Probes on a new connection, as an orchestrator does. */
    private String probe() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PROBE_MILLIS);
        try (Socket socket = connect(0)) {
            socket.setSoTimeout(PROBE_MILLIS);
            socket.getOutputStream().write(PROBE.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(System.nanoTime()).as("answered in time").isLessThan(deadline);
            return answer;
        }
    }

    /** @param receiveBuffer bytes of the system's receive buffer for this client; 0: the system's default */
    private Socket connect(int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.address().getPort()),
                PROBE_MILLIS);
        return socket;
    }
}
