package io.mqttrelay.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.testkit.http.CallbackServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final String REQUEST = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";

    private final CallbackServer server = CallbackServer.start();
    private final TcpProxy proxy = TcpProxy.to(server.port());

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void passesBothWays() throws Exception {
        try (Socket socket = connect()) {
            assertThat(call(socket)).startsWith("HTTP/1.1 200");
        }
        assertThat(proxy.acceptedConnections()).isEqualTo(1);
    }

    @Test
    void refusesUntilItPassesAgain() throws Exception {
        proxy.refuse();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        proxy.pass();
        try (Socket socket = connect()) {
            assertThat(call(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aBlackHoleForwardsItsDataLater() throws Exception {
        try (Socket socket = connect()) {
            proxy.blackHole();
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> call(socket)).isInstanceOf(SocketTimeoutException.class);
            assertThat(server.requests()).isEmpty();
            proxy.pass();
            socket.setSoTimeout(10_000);
            assertThat(read(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void resetsOpenConnections() throws Exception {
        try (Socket socket = connect()) {
            call(socket);
            proxy.reset();
            assertThatThrownBy(() -> call(socket)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void cutsInTheMiddleAndThenLetsPass() throws Exception {
        proxy.cutAfter(10);
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> call(socket)).isInstanceOf(IOException.class);
        }
        try (Socket socket = connect()) {
            assertThat(call(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void changesOneByteOnce() throws Exception {
        proxy.corrupt(TcpProxy.Direction.TO_CLIENT, 10);
        try (Socket socket = connect()) {
            String spoilt = call(socket);
            String whole = call(socket);
            assertThat(IntStream.range(0, whole.length()).filter(i -> spoilt.charAt(i) != whole.charAt(i)))
                    .hasSize(1);
        }
        assertThat(proxy.corrupted()).isEqualTo(1);
    }

    @Test
    void delaysEachWay() throws Exception {
        proxy.latency(Duration.ofMillis(100));
        try (Socket socket = connect()) {
            long before = System.nanoTime();
            call(socket);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void throttles() throws Exception {
        proxy.throttle(REQUEST.length() * 5); // a fifth of a second for the request
        try (Socket socket = connect()) {
            long before = System.nanoTime();
            call(socket);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String call(Socket socket) throws IOException {
        socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        return read(socket);
    }

    private static String read(Socket socket) throws IOException {
        byte[] buffer = new byte[100];
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
            throw new IOException("the connection ended");
        }
        return new String(buffer, 0, read, StandardCharsets.US_ASCII);
    }
}
