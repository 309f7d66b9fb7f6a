package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mqttrelay.embedded.LoopbackPorts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** deploy/docker/health, which the images ask whether the service is well. */
@Timeout(30)
class HealthProbeTest {
    @TempDir
    Path folder;

    @Test
    void aServiceThatIsReadyIsHealthy() throws Exception {
        Distribution.Result result = probe(200, "{\"status\":\"ready\"}");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aServiceThatIsNotReadyIsUnhealthyAndItsReasonIsShown() throws Exception {
        Distribution.Result result = probe(503, "{\"reason\":\"no Kafka\"}");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).startsWith("503").contains("no Kafka");
    }

    @Test
    void nobodyWhoListensIsUnhealthy() throws Exception {
        Distribution.Result result = ask(LoopbackPorts.free());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).startsWith("nothing listens on port ");
    }

    @Test
    void aSilentServiceIsUnhealthyBeforeTheEnginesTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long begin = System.nanoTime();

            Distribution.Result result = ask(silent.getLocalPort());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).isEqualTo("no answer within 4 s\n");
            assertThat(System.nanoTime() - begin).isLessThan(10_000_000_000L);
        }
    }

    private Distribution.Result probe(int status, String body) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health/ready", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            return ask(server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private Distribution.Result ask(int port) throws Exception {
        Path health = Distribution.checkout().resolve("deploy/docker/health");
        return Distribution.run(folder, health, List.of(Integer.toString(port)));
    }
}
