package io.mqttrelay.sink.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.InsecureServerCredentials;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import io.mqttrelay.dispatch.sink.Sinks;
import io.mqttrelay.testkit.net.TcpProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failures between the relay and a receiver: each attempt ends in time, and the next one finds a mended address. */
@Timeout(60)
class GrpcConnectionTest {
    private static final String SHORT = "\"timeout\": \"700ms\"";

    private final TestReceiver receiver = new TestReceiver();
    private final TcpProxy proxy = TcpProxy.to(receiver.port());
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Sinks sinks = GrpcAddress.sinks(Egress.DEFAULT, failures);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        sinks.close();
        proxy.close();
        receiver.close();
        threads.shutdownNow();
        assertThat(failures).isEmpty();
    }

    private Sink overProxy(String... settings) {
        return GrpcAddress.url("grpc://127.0.0.1:" + proxy.port(), settings).in(sinks);
    }

    private static SinkResult send(Sink sink) {
        return sink.call(GrpcAddress.message("a"), 1).execute();
    }

    private static Unavailable failure(String error) {
        return new Unavailable(Cause.ADDRESS, null, error, null);
    }

    @Test
    void aRefusedConnectionFailsAtOnce() {
        proxy.refuse();
        Sink sink = overProxy();

        for (int i = 0; i < 5; i++) {
            assertThat(send(sink)).isEqualTo(failure("connection refused"));
        }
    }

    @Test
    void aMendedAddressIsFoundAtOnce() {
        Sink sink = overProxy();
        assertThat(send(sink)).isInstanceOf(Accepted.class);

        proxy.refuse();
        await().atMost(10, TimeUnit.SECONDS).until(() -> send(sink).equals(failure("connection refused")));
        for (int i = 0; i < 10; i++) { // the library alone would wait ever longer
            assertThat(send(sink)).isEqualTo(failure("connection refused"));
        }
        proxy.pass();

        // the library tells calls of a failure a moment before it changes the state of the channel
        await().atMost(700, TimeUnit.MILLISECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> send(sink) instanceof Accepted);
    }

    @Test
    void aServerThatNeverAnswersEndsTheCall() {
        receiver.hold();
        Sink sink = overProxy(SHORT);
        long began = System.nanoTime();

        assertThat(send(sink)).isEqualTo(failure("timed out after 700ms"));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(receiver.calls()).hasSize(1);
    }

    @Test
    void aConnectionThatStallsWhenMadeIsMadeAnew() {
        proxy.blackHole();
        Sink sink = overProxy(SHORT);

        assertThat(send(sink)).isEqualTo(failure("timed out after 700ms"));
        // it may meet the end of the stalled connection
        assertThat(send(sink)).extracting("cause").isEqualTo(Cause.ADDRESS);

        assertThat(proxy.acceptedConnections()).isBetween(2, 4);
        proxy.pass();
        await().atMost(10, TimeUnit.SECONDS).until(() -> send(sink) instanceof Accepted);
    }

    @Test
    void aResetConnectionFailsTheCallAndNoMore() throws Exception {
        receiver.hold();
        Sink sink = overProxy();
        Future<SinkResult> call = threads.submit(() -> send(sink));
        await().atMost(10, TimeUnit.SECONDS).until(() -> receiver.calls().size() == 1);

        proxy.reset();

        SinkResult result = call.get(10, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(Unavailable.class).extracting("cause").isEqualTo(Cause.ADDRESS);
        assertThat(receiver.calls()).hasSize(1); // not sent again by the library
    }

    @Test
    void aCancelledCallEnds() throws Exception {
        receiver.hold();
        SinkCall call = overProxy().call(GrpcAddress.message("a"), 1);
        Future<SinkResult> result = threads.submit(call::execute);
        await().atMost(10, TimeUnit.SECONDS).until(() -> receiver.calls().size() == 1);

        call.cancel();

        assertThat(result.get(5, TimeUnit.SECONDS)).isEqualTo(failure("cancelled"));
    }

    @Test
    void aCallThatWasCancelledBeforeIsNotSent() {
        SinkCall call = overProxy().call(GrpcAddress.message("a"), 1);
        call.cancel();

        assertThat(call.execute()).isEqualTo(failure("cancelled"));
        assertThat(receiver.calls()).isEmpty();
    }

    @Test
    void anInterruptEndsACall() throws Exception {
        receiver.hold();
        Sink sink = overProxy();
        Future<?> call = threads.submit(() -> send(sink));
        await().atMost(10, TimeUnit.SECONDS).until(() -> receiver.calls().size() == 1);

        threads.shutdownNow();

        assertThat(threads.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        assertThat(call).isDone();
    }

    @Test
    void aDeadAddressDoesNotDelayAnother() {
        proxy.blackHole();
        Sink dead = overProxy("\"timeout\": \"20s\"");
        for (int i = 0; i < 50; i++) {
            var unused = threads.submit(() -> send(dead));
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> proxy.acceptedConnections() > 0);
        Sink healthy = GrpcAddress.url(receiver.url()).in(sinks);

        long began = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(send(healthy)).isInstanceOf(Accepted.class);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void anUnknownHostIsNamed() {
        assertThat(send(GrpcAddress.url("grpc://no-such-host.invalid:50051").in(sinks)))
                .isEqualTo(failure("unknown host"));
    }

    @Test
    void theEgressPolicyIsAskedForEachConnection() {
        Sinks guarded = GrpcAddress.sinks(new Egress(Egress.Mode.PUBLIC_ONLY, List.of(), List.of()), failures);
        try {
            Sink sink = GrpcAddress.url("grpc://localhost:" + receiver.port()).in(guarded);

            assertThat(send(sink)).extracting("error").asString().contains("it is not public");
            assertThat(receiver.calls()).isEmpty();
        } finally {
            guarded.close();
        }
    }

    @Test
    void anHttp1ServerIsNoReceiver() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var unused = threads.submit(() -> answer(server, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
            Sink sink = GrpcAddress.url("grpc://127.0.0.1:" + server.getLocalPort(), SHORT)
                    .in(sinks);

            assertThat(send(sink)).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void aServerThatClosesAtOnceIsNoReceiver() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var unused = threads.submit(() -> answer(server, ""));
            Sink sink = GrpcAddress.url("grpc://127.0.0.1:" + server.getLocalPort(), SHORT)
                    .in(sinks);

            assertThat(send(sink))
                    .isInstanceOf(Unavailable.class)
                    .extracting("cause")
                    .isEqualTo(Cause.ADDRESS);
        }
    }

    private static Void answer(ServerSocket server, String text) throws IOException {
        while (true) {
            try (Socket socket = server.accept();
                    OutputStream out = socket.getOutputStream()) {
                out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
            }
        }
    }

    @Test
    void aServerIsFoundAgainAfterItWasKilled() {
        int port = receiver.port();
        Sink sink = GrpcAddress.url(receiver.url()).in(sinks);
        assertThat(send(sink)).isInstanceOf(Accepted.class);
        receiver.close();
        await().atMost(10, TimeUnit.SECONDS).until(() -> send(sink).equals(failure("connection refused")));

        try (TestReceiver restarted = new TestReceiver(port, InsecureServerCredentials.create(), builder -> builder)) {
            await().atMost(5, TimeUnit.SECONDS).until(() -> send(sink) instanceof Accepted);
            assertThat(restarted.calls()).hasSize(1);
        }
    }
}
