package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connects to addresses that answer no SYN make no threads and hold up no other address. */
@Timeout(60)
class ConnectThreadsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int CALLS = 128;
    private static final int ADDRESSES = 8;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final List<SocketChannel> before = new ArrayList<>();
    private ServerSocket silent;

    @BeforeEach
    void fillTheBacklog() throws IOException {
        silent = new ServerSocket(0, 1);
        for (int i = 0; i < 4; i++) {
            SocketChannel channel = SocketChannel.open();
            before.add(channel);
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort()));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (SocketChannel each : before) {
            each.close();
        }
        silent.close();
    }

    private static List<InetAddress> addresses(int count) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            addresses.add(InetAddress.getByAddress("silent", new byte[] {127, 0, 0, (byte) i}));
        }
        return addresses;
    }

    private static Sink sink(HttpSinks sinks, Duration timeout, String url) {
        var address = Samples.address(url);
        return sinks.sink(Samples.within(timeout, address));
    }

    private static long threadsButThoseOf(Set<Thread> known) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !known.contains(thread) && !thread.getName().matches("(caller|dns).*"))
                .count();
    }

    @Test
    void manyConnectsToEightSilentAddressesMakeNoThreads() throws Exception {
        List<InetAddress> all = addresses(ADDRESSES);
        Dns dns = host -> all;
        AtomicInteger number = new AtomicInteger();
        ExecutorService callers =
                Executors.newCachedThreadPool(task -> new Thread(task, "caller-" + number.incrementAndGet()));
        try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS, dns)) {
            Sink sink = sink(sinks, TIMEOUT, "http://silent.example:" + silent.getLocalPort() + "/");
            Set<Thread> known = Thread.getAllStackTraces().keySet();
            CountDownLatch done = new CountDownLatch(CALLS);
            List<SinkResult> results = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                callers.execute(() -> {
                    SinkResult result = sink.call(Samples.message("1"), 1).execute();
                    synchronized (results) {
                        results.add(result);
                    }
                    done.countDown();
                });
            }
            long most = 0;
            while (!done.await(100, TimeUnit.MILLISECONDS)) {
                most = Math.max(most, threadsButThoseOf(known));
            }
            // the thread that watches timeouts; those of a test run itself
            assertThat(most).isLessThanOrEqualTo(4);
            assertThat(results).hasSize(CALLS).allMatch(Unavailable.class::isInstance);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void aSecondAddressIsTriedWithinTheTimeout() throws Exception {
        try (RawServer server = new RawServer(exchange -> {
            while (exchange.request()) {
                exchange.write(OK);
            }
        })) {
            // a port belongs to all addresses: the silent one must be another address, at the port of the server
            try (ServerSocket other = new ServerSocket(server.port(), 1, InetAddress.getByName("127.0.0.9"))) {
                for (int i = 0; i < 4; i++) {
                    SocketChannel channel = SocketChannel.open();
                    before.add(channel);
                    channel.configureBlocking(false);
                    channel.connect(other.getLocalSocketAddress());
                }
                Dns dns = host -> List.of(other.getInetAddress(), RawServer.loopback(1));
                try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS, dns)) {
                    Sink sink = sink(sinks, TIMEOUT, "http://callback.example:" + server.port() + "/");
                    assertThat(sink.call(Samples.message("1"), 1).execute()).isEqualTo(new Accepted(answered(200)));
                }
            }
        }
    }
}
