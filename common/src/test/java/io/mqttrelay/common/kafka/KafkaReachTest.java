package io.mqttrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.value.Secret;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
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
        return new KafkaClients(settings(servers, properties), "reach");
    }

    private static KafkaSettings settings(String servers, Map<String, Secret> properties) {
        return new KafkaSettings(
                servers, "relay", 1, null, Duration.ofDays(1), Duration.ofDays(1), properties, Map.of(), Map.of());
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

    private static InetAddress loopback(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    @Test
    void oneAddressOfANameIsEnough() throws Exception {
        try (ServerSocket second = new ServerSocket(0, 10, loopback(2))) {
            String server = "localhost:" + second.getLocalPort();
            KafkaReach reach = new KafkaReach(
                    settings(server, Map.of()), name -> new InetAddress[] {loopback(1), second.getInetAddress()});

            assertThat(reach.problem(clients(server, Map.of()))).contains("does not answer");
        }
    }

    @Test
    void namesEachAddressOfAName() throws Exception {
        String server = "localhost:" + closed();
        KafkaReach reach =
                new KafkaReach(settings(server, Map.of()), name -> new InetAddress[] {loopback(1), loopback(2)});

        assertThat(reach.problem(clients(server, Map.of())))
                .contains(server + " (127.0.0.1): Connection refused", server + " (127.0.0.2): Connection refused");
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
