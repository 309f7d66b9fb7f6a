package io.mqttrelay.sink.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.Sinks;
import io.mqttrelay.testkit.net.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sink's threads are few, and end with it. */
@Timeout(120)
class GrpcThreadsTest {
    private static Set<String> threads() {
        Set<String> names = new TreeSet<>();
        Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("dispatch-grpc"))
                .forEach(names::add);
        return names;
    }

    @Test
    void noThreadIsLeftAfterTheEnd() throws Exception {
        ExecutorService callers = Executors.newCachedThreadPool();
        try (TestReceiver receiver = new TestReceiver();
                TestReceiver held = new TestReceiver();
                TcpProxy stalled = TcpProxy.to(receiver.port())) {
            stalled.blackHole();
            held.hold();
            Sinks sinks = GrpcAddress.sinks();
            assertThat(send(GrpcAddress.url(receiver.url()).in(sinks))).isInstanceOf(Accepted.class);
            Sink holding = GrpcAddress.url(held.url()).in(sinks);
            Sink connecting =
                    GrpcAddress.url("grpc://127.0.0.1:" + stalled.port()).in(sinks);
            List<Future<SinkResult>> calls = new ArrayList<>();
            calls.add(callers.submit(() -> send(holding)));
            calls.add(callers.submit(() -> send(connecting)));
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> held.calls().size() == 1 && stalled.acceptedConnections() == 1);
            assertThat(threads()).contains("dispatch-grpc");

            long began = System.nanoTime();
            sinks.close();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            for (Future<SinkResult> call : calls) {
                assertThat(call.get(5, TimeUnit.SECONDS)).isInstanceOf(SinkResult.Unavailable.class);
            }
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(threads()).isEmpty());
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void anAddressThatStallsHoldsFewThreads() {
        try (TestReceiver receiver = new TestReceiver();
                TcpProxy stalled = TcpProxy.to(receiver.port())) {
            stalled.blackHole();
            Sinks sinks = GrpcAddress.sinks();
            try {
                Sink sink = GrpcAddress.url("grpc://127.0.0.1:" + stalled.port(), "\"timeout\": \"150ms\"")
                        .in(sinks);
                for (int i = 0; i < 20; i++) {
                    send(sink);
                }

                assertThat(stalled.acceptedConnections()).isGreaterThan(5);
                assertThat(threads().stream().filter(name -> name.startsWith("dispatch-grpc-127")))
                        .hasSizeLessThanOrEqualTo(2 * GrpcSockets.MOST + 1);
            } finally {
                sinks.close();
            }
        }
    }

    private static SinkResult send(Sink sink) {
        return sink.call(GrpcAddress.message("a"), 1).execute();
    }
}
