package io.mqttrelay.dispatch.sink.http.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.egress.Egress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardedSocketsTest {
    @Test
    void socketsHaveTcpNoDelay() throws Exception {
        Egress any = new Egress(Egress.Mode.ANY, List.of(), List.of());
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new GuardedSockets(any, "localhost").createSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), 5000);

            assertThat(socket.getTcpNoDelay()).isTrue();
        }
    }
}
