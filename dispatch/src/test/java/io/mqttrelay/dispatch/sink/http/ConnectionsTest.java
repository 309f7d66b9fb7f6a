package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections are made, shared and closed. */
class ConnectionsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Sink sink(HttpSinks sinks, Duration timeout, String url) {
        var address = Samples.address(url);
        return sinks.sink(Samples.within(timeout, address));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 65_000})
    void aSmallAnswerLeavesTheConnectionForTheNextCall(int size) throws IOException {
        String answer = "HTTP/1.1 500 No\r\nContent-Length: " + size + "\r\n\r\n" + "x".repeat(size);
        try (RawServer server = RawServer.answering(answer);
                HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            Sink sink = sink(sinks, LONG, server.url());
            for (int i = 0; i < 20; i++) {
                sink.call(Samples.message("1"), 1).execute();
            }
            assertThat(server.requests()).hasSize(20);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 20", "'Connection: keep-alive\r\n', 1"})
    void aServerOfHttp10GetsAConnectionForEachCall(String header, int connections) throws IOException {
        String answer = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n" + header + "\r\nok";
        try (RawServer server = RawServer.answering(answer);
                HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            Sink sink = sink(sinks, LONG, server.url());
            for (int i = 0; i < 20; i++) {
                assertThat(sink.call(Samples.message("1"), 1).execute()).isInstanceOf(Accepted.class);
            }
            assertThat(server.connections()).isEqualTo(connections);
        }
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsReturnsAtOnce() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (RawServer server = new RawServer(exchange -> {
                    exchange.request();
                    arrived.countDown();
                    exchange.hang();
                });
                HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            SinkCall call = sink(sinks, LONG, server.url()).call(Samples.message("1"), 1);
            CompletableFuture<SinkResult> result = CompletableFuture.supplyAsync(call::execute);
            arrived.await();
            call.cancel();
            assertThat(result.get(2, TimeUnit.SECONDS))
                    .isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "cancelled", null));
        }
    }

    @Test
    void aCallThatIsCancelledBeforeItStartsSendsNothing() throws IOException {
        try (RawServer server = RawServer.answering(OK);
                HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            SinkCall call = sink(sinks, LONG, server.url()).call(Samples.message("1"), 1);
            call.cancel();
            assertThat(call.execute()).isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "cancelled", null));
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void anInterruptedThreadGetsAResultAndStaysInterrupted() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (RawServer server = new RawServer(exchange -> {
                    exchange.request();
                    arrived.countDown();
                    exchange.hang();
                });
                HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            SinkCall call = sink(sinks, LONG, server.url()).call(Samples.message("1"), 1);
            Thread.currentThread().interrupt();
            SinkResult result = call.execute();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(result).isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "cancelled", null));
        }
    }

    @Test
    void closingEndsTheCallsInFlight() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            arrived.countDown();
            exchange.hang();
        })) {
            CompletableFuture<SinkResult> result;
            try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
                SinkCall call = sink(sinks, LONG, server.url()).call(Samples.message("1"), 1);
                result = CompletableFuture.supplyAsync(call::execute);
                arrived.await();
            }
            assertThat(result.get(2, TimeUnit.SECONDS)).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void anUnknownHostIsAFailureOfTheAddress() {
        Dns none = host -> {
            throw new UnknownHostException(host);
        };
        try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS, none)) {
            assertThat(sink(sinks, LONG, "http://nowhere.invalid/")
                            .call(Samples.message("1"), 1)
                            .execute())
                    .isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "unknown host", null));
        }
    }

    @Test
    void aNameServerThatIsAwayHoldsCallsNoLongerThanTheirTimeout() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger lookups = new AtomicInteger();
        Dns hanging = host -> {
            lookups.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        };
        Duration timeout = Duration.ofMillis(300);
        try (HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS, hanging)) {
            Sink sink = sink(sinks, timeout, "http://nowhere.invalid/");
            List<CompletableFuture<SinkResult>> results =
                    IntStream.range(0, 10).mapToObj(i -> inThread(sink)).toList();
            for (CompletableFuture<SinkResult> result : results) {
                assertThat(result.get(2, TimeUnit.SECONDS))
                        .isInstanceOfSatisfying(
                                Unavailable.class,
                                unavailable -> assertThat(unavailable.error()).startsWith("timed out after 300ms"));
            }
            assertThat(lookups).hasValue(1);
        } finally {
            end.countDown();
        }
    }

    private static CompletableFuture<SinkResult> inThread(Sink sink) {
        CompletableFuture<SinkResult> result = new CompletableFuture<>();
        new Thread(() -> result.complete(sink.call(Samples.message("1"), 1).execute())).start();
        return result;
    }

    @Test
    void aDeadFirstAddressOfAHostDoesNotFailTheAttempt() throws IOException {
        Dns both = host -> List.of(RawServer.loopback(77), RawServer.loopback(1));
        try (RawServer server = RawServer.answering(OK);
                HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS, both)) {
            Sink sink = sink(sinks, LONG, "http://callback.example:" + server.port() + "/");
            assertThat(sink.call(Samples.message("1"), 1).execute()).isEqualTo(new Accepted(answered(200)));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void manyCallsRunAtOnce() throws Exception {
        int calls = 100;
        CountDownLatch allThere = new CountDownLatch(calls);
        try (RawServer server = new RawServer(exchange -> {
                    exchange.request();
                    allThere.countDown();
                    allThere.await();
                    exchange.write(OK);
                });
                HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            Sink sink = sink(sinks, LONG, server.url());
            List<CompletableFuture<SinkResult>> results =
                    IntStream.range(0, calls).mapToObj(i -> inThread(sink)).toList();
            for (CompletableFuture<SinkResult> result : results) {
                assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(new Accepted(answered(200)));
            }
        }
    }
}
