package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients of the admin port that send nothing, or half a request: the orchestrator's liveness probe is answered. */
@Tag("every-change")
final class AdminPortFaultIT extends NeighbourScene {
    private static final int CONNECTIONS = 300;
    private static final int PROBES = 6;
    private static final int PROBE_MILLIS = 1000;
    private static final int BETWEEN_MILLIS = 4000;

    private final List<Socket> held = new ArrayList<>();

    @Test
    void b18IdleAndHalfSentConnections() throws Exception {
        List<RelayService> services = List.of(ingest().ready(), dispatch().ready());
        Neighbour neighbour = neighbour("B18");
        neighbour.begin();
        int answered = 0;
        int opened = 0;
        for (int i = 0; i < PROBES; i++) {
            for (RelayService service : services) {
                opened += hold(service.adminPort(), i == 0 ? CONNECTIONS : CONNECTIONS / 4);
            }
            for (RelayService service : services) {
                answered += probe(service.adminPort()) ? 1 : 0;
            }
            Pause.forMillis(BETWEEN_MILLIS);
        }

        System.out.println("probes answered within a second: " + answered + " of " + PROBES * services.size());
        assertThat(answered).as("probes answered within a second").isEqualTo(PROBES * services.size());
        assertThat(opened).as("connections that were taken").isGreaterThan(2 * CONNECTIONS);
        neighbour.feltNothing();
        for (RelayService service : services) {
            assertThat(service.get("/health/ready")).startsWith("200");
            assertThat(service.get("/metrics")).startsWith("200").contains("relay_ready 1.0");
        }
        for (Socket socket : held) {
            socket.close();
        }
    }

    /** Opens as many connections again, held until the end by this side; the port may refuse or close them. */
    private int hold(int port, int connections) {
        int open = 0;
        for (int i = 0; i < connections; i++) {
            open += opens(port, "") ? 1 : 0;
            open += opens(port, "GET /health/live HTTP/1.1\r\nHost:") ? 1 : 0;
        }
        return open;
    }

    private boolean opens(int port, String text) {
        try {
            connect(port).getOutputStream().write(ascii(text));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        held.add(socket);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_MILLIS);
        return socket;
    }

    private static boolean probe(int port) {
        long begun = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PROBE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_MILLIS);
            socket.getOutputStream().write(ascii("GET /health/live HTTP/1.0\r\n\r\n"));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.startsWith("HTTP/1.1 200")
                    && System.nanoTime() - begun <= TimeUnit.MILLISECONDS.toNanos(PROBE_MILLIS);
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
