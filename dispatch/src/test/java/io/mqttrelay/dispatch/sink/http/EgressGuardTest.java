package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.egress.EgressRule;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The egress policy checks the dialled address, in any spelling of the callback's URL and by any name server. */
class EgressGuardTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer(exchange -> {
            if (exchange.request()) {
                exchange.write(OK);
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static Egress publicOnly(List<String> allow, String... deny) {
        return new Egress(
                Egress.Mode.PUBLIC_ONLY,
                allow.stream().map(EgressRule::parse).toList(),
                Arrays.stream(deny).map(EgressRule::parse).toList());
    }

    private static SinkResult call(HttpSinks sinks, String url) {
        var address = Samples.address(url);
        return sinks.sink(address).call(Samples.message("{}"), 1).execute();
    }

    private static void assertDenied(SinkResult result, String address) {
        assertThat(result).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.error()).startsWith(address + " is denied by the egress policy: ");
            assertThat(unavailable.answer()).isNull();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1.",
                "2130706433",
                "0x7f.1",
                "0x7f000001",
                "127.1",
                "localhost",
                "LOCALHOST.",
                "good.example@127.0.0.1",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::1]",
                "0.0.0.0",
                "[::]"
            })
    void noSpellingGetsThrough(String host) {
        try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", publicOnly(List.of()), Samples.EXECUTORS)) {
            SinkResult result = call(sinks, "http://" + host + ":" + server.port() + "/");

            assertThat(result).isInstanceOf(Unavailable.class);
            assertThat(((Unavailable) result).error())
                    .matches(".* is denied by the egress policy: .*|unknown host"); // not every platform reads all
        }
        assertThat(server.connections()).isZero();
    }

    @Test
    void aNumberIsTheAddressThatItStandsFor() {
        try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", publicOnly(List.of()), Samples.EXECUTORS)) {
            assertDenied(call(sinks, "http://2130706433:" + server.port() + "/"), "127.0.0.1");
        }
    }

    @Test
    void dialsAnAllowedAddress() {
        try (HttpSinks sinks =
                new HttpSinks(Samples.CLOCK, "1", publicOnly(List.of("127.0.0.0/8")), Samples.EXECUTORS)) {
            assertThat(call(sinks, server.url())).isEqualTo(new Accepted(answered(200)));
            assertThat(call(sinks, "http://0.0.0.0:" + server.port() + "/")).isEqualTo(new Accepted(answered(200)));
        }
    }

    @Test
    void aNameIsCheckedAgainAtTheSecondCall() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Dns rebinding = host -> List.of(RawServer.loopback(asked.incrementAndGet() == 1 ? 1 : 2));
        try (ServerSocket inside = new ServerSocket(server.port(), 1, RawServer.loopback(2));
                HttpSinks sinks = new HttpSinks(
                        Samples.CLOCK,
                        "1",
                        publicOnly(List.of("127.0.0.1"), "127.0.0.2"),
                        Samples.EXECUTORS,
                        rebinding)) {
            String url = "http://hooks.example:" + server.port() + "/";
            var address = Samples.address(url);
            var sink = sinks.sink(address);

            assertThat(sink.call(Samples.message("1"), 1).execute()).isEqualTo(new Accepted(answered(200)));
            assertDenied(sink.call(Samples.message("2"), 1).execute(), "127.0.0.2");

            inside.setSoTimeout(1);
            assertThat(catchAccept(inside)).isFalse();
        }
        assertThat(asked).hasValue(2);
    }

    private static boolean catchAccept(ServerSocket listening) throws IOException {
        try {
            listening.accept().close();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void ofSeveralAddressesOnlyAnAllowedOneIsDialled() throws UnknownHostException {
        List<InetAddress> both = List.of(InetAddress.getByName("169.254.169.254"), RawServer.loopback(1));
        try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS, host -> both)) {
            assertThat(call(sinks, "http://hooks.example:" + server.port() + "/"))
                    .isEqualTo(new Accepted(answered(200)));
        }
    }

    @Test
    void aHostThatIsAllowedMayLeadAnywhere() {
        try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", publicOnly(List.of("localhost")), Samples.EXECUTORS)) {
            assertThat(call(sinks, "http://localhost:" + server.port() + "/")).isEqualTo(new Accepted(answered(200)));
            assertDenied(call(sinks, server.url()), "127.0.0.1");
        }
    }

    @Test
    void theMetadataAddressIsDeniedByDefault() {
        try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            assertDenied(call(sinks, "http://good@169.254.169.254/latest/meta-data/"), "169.254.169.254");
            assertDenied(call(sinks, "https://169.254.169.254/"), "169.254.169.254");
        }
    }

    /** A proxy would choose the dialled address, and see every message. */
    @ParameterizedTest
    @ValueSource(strings = {"socksProxyHost", "http.proxyHost"})
    void noProxyOfTheJvmIsUsed(String property) throws IOException {
        String portProperty = property.replace("Host", "Port");
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            System.setProperty(property, "127.0.0.1");
            System.setProperty(portProperty, Integer.toString(proxy.getLocalPort()));
            System.setProperty("http.nonProxyHosts", "");
            System.setProperty("socksNonProxyHosts", "");
            assertThat(call(sinks, server.url())).isEqualTo(new Accepted(answered(200)));
            proxy.setSoTimeout(1);
            assertThat(catchAccept(proxy)).isFalse();
        } finally {
            List.of(property, portProperty, "http.nonProxyHosts", "socksNonProxyHosts")
                    .forEach(System::clearProperty);
        }
    }
}
