package io.mqttrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.Secret;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** An unreachable Kafka is reported soon, with its addresses and the cause. */
class KafkaReachTest {
    private static String problem(String servers, Map<String, Secret> properties) throws Exception {
        long begin = System.nanoTime();
        KafkaClients clients = clients(servers, properties);
        String problem = clients.reach().problem(clients);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(problem).isNotNull().startsWith("Kafka at " + servers + " ");
        return problem;
    }

    private static KafkaClients clients(String servers, Map<String, Secret> properties) {
        return new KafkaClients(
                new KafkaSettings(
                        servers,
                        "relay",
                        1,
                        null,
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        properties,
                        Map.of(),
                        Map.of()),
                "reach");
    }

    /** A port where no server listens. */
    private static int closed() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void eachAddressIsNamedWithItsCause() throws Exception {
        int one = closed();
        int other = closed();
        assertThat(problem("127.0.0.1:" + one, Map.of())).endsWith("cannot be reached: Connection refused");
        assertThat(problem("127.0.0.1:" + one + ",localhost:" + other, Map.of()))
                .contains("127.0.0.1:" + one + ": Connection refused", "localhost:" + other + ": Connection refused");
    }

    @Test
    void namesAnUnknownHost() throws Exception {
        assertThat(problem("no-such-host.invalid:9092", Map.of()))
                .endsWith("cannot be reached: the name no-such-host.invalid cannot be resolved");
    }

    @Test
    void reportsASilentServerWithPossibleCauses() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertThat(problem("127.0.0.1:" + silent.getLocalPort(), Map.of()))
                    .contains("does not answer", "security.protocol is PLAINTEXT", "advertised listeners");
            assertThat(problem("127.0.0.1:" + silent.getLocalPort(), Map.of("security.protocol", new Secret("SSL"))))
                    .contains("does not answer", "security.protocol is SSL");
        }
    }

    @Test
    void aServiceWaitsLongerForAnAnswerAndTellsWithin5Seconds() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            KafkaClients clients = clients("127.0.0.1:" + silent.getLocalPort(), Map.of());
            try (Admin admin = clients.admin("reach")) {
                long begin = System.nanoTime();
                assertThat(clients.reach().problem(admin)).contains("does not answer");
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isBetween(Duration.ofMillis(3500), Duration.ofSeconds(5));
            }
        }
    }
}
