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
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.ConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With any behaviour of a callback, the attempt ends in time, with one of the three results, after one request. */
class MisbehavingCallbackTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1.2.3", Egress.DEFAULT, Samples.EXECUTORS);

    @AfterEach
    void stop() {
        sinks.close();
    }

    private Sink sink(RawServer server) {
        var address = Samples.address(server.url());
        return sinks.sink(Samples.within(SHORT, address));
    }

    private SinkResult call(RawServer server) {
        HttpSink sink = (HttpSink) sink(server);
        SinkResult result = sink.call(Samples.message("{}"), 1).execute();
        ConnectionPool pool = sink.client().connectionPool();
        assertThat(pool.connectionCount()).as("connections still in use").isEqualTo(pool.idleConnectionCount());
        return result;
    }

    static Stream<Arguments> answersWithoutAStatus() {
        return Stream.of(
                Arguments.of("", "connection closed before an answer"),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Le", "connection closed before an answer"),
                Arguments.of(
                        "SSH-2.0-OpenSSH_9.2\r\n", "malformed answer: Unexpected status line: SSH-2.0-OpenSSH_9.2"),
                Arguments.of("HTTP/1.1 abc OK\r\n\r\n", "malformed answer: Unexpected status line: HTTP/1.1 abc OK"),
                Arguments.of("HTTP/1.1 -12 x\r\n\r\n", "malformed answer: code < 0: -12"),
                Arguments.of("HTTP/1.1\r\n\r\n", "malformed answer: Unexpected status line: HTTP/1.1"),
                Arguments.of("\r\n\r\n\r\n", "malformed answer: Unexpected status line:"),
                Arguments.of("\0\1\2\u001b[2J\r\n\r\n", "malformed answer: Unexpected status line: ????[2J"));
    }

    @ParameterizedTest
    @MethodSource("answersWithoutAStatus")
    void anAnswerThatCannotBeReadMaySpeakOfEither(String answer, String error) throws IOException {
        SinkResult.Cause cause = error.startsWith("malformed") ? SinkResult.Cause.EITHER : SinkResult.Cause.ADDRESS;
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write(answer);
        })) {
            assertThat(call(server)).isEqualTo(new Unavailable(cause, null, error, null));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aRequestThatIsSentBackGivesNoSecretAway() throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write("POST /hook?token=s3cr3t-value HTTP/1.1\r\n\r\n");
        })) {
            var address = Samples.address(server.url() + "?token=s3cr3t-value");
            SinkResult result = sinks.sink(Samples.within(SHORT, address))
                    .call(Samples.message("{}"), 1)
                    .execute();
            assertThat(result)
                    .isEqualTo(new Unavailable(
                            SinkResult.Cause.EITHER,
                            null,
                            "malformed answer: Unexpected status line: POST /hook?*** HTTP/1.1",
                            null));
        }
    }

    static Stream<String> answersThatAreSuccessWhateverTheirBodyDoes() {
        return Stream.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nabcdefg",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 205 Reset Content\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
                "HTTP/1.0 200 OK\r\n\r\nold",
                "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + OK);
    }

    @ParameterizedTest
    @MethodSource("answersThatAreSuccessWhateverTheirBodyDoes")
    void aSuccessfulStatusIsSuccessWithAnyBody(String answer) throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write(answer);
        })) {
            assertThat(call(server)).isInstanceOf(Accepted.class);
            assertThat(call(server)).isInstanceOf(Accepted.class);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void aSuccessfulAnswerThatIsResetIsSuccess() throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nx");
            Thread.sleep(50); // the head must arrive before the reset, which would overtake it
            exchange.reset();
        })) {
            assertThat(call(server)).isEqualTo(new Accepted(answered(200)));
        }
    }

    @Test
    void aStatusCountsAlsoWhenItsBodyIsCut() throws IOException {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 422 No\r\nContent-Length: 50\r\nConnection: close\r\n\r\nbad")) {
            // the connection stays open and the body never ends: the timeout does
            assertThat(call(server)).isEqualTo(new SinkResult.Refused(answered(422), "answered 422 No: bad"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Ty", "HTTP/1.1 100 Continue\r\n\r\n"})
    void aCallbackThatHangsTimesOut(String before) throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write(before);
            exchange.hang();
        })) {
            assertThat(call(server))
                    .isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "timed out after 400ms", null));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"})
    void endlessInterimAnswersTimeOut(String interim) throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            for (int i = 0; i < 10_000; i++) {
                exchange.write(interim);
                Thread.sleep(5);
            }
        })) {
            assertThat(call(server))
                    .isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "timed out after 400ms", null));
        }
    }

    @Test
    void anUnrequestedUpgradeIsAFailureOfTheAddress() throws IOException {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")) {
            assertThat(call(server))
                    .isEqualTo(new Unavailable(
                            SinkResult.Cause.EITHER, answered(101), "answered 101 Switching Protocols", null));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void headersThatDripTimeOut() throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write("HTTP/1.1 200 OK\r\nX: ");
            for (int i = 0; i < 10_000; i++) {
                exchange.write("x");
                Thread.sleep(20);
            }
        })) {
            assertThat(call(server))
                    .isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "timed out after 400ms", null));
        }
    }

    @Test
    void headersWithoutEndAreMalformed() throws IOException {
        String flood = "X: " + "y".repeat(8000) + "\r\n";
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 1000; i++) {
                exchange.write(flood);
            }
        })) {
            assertThat(call(server))
                    .isInstanceOfSatisfying(
                            Unavailable.class,
                            unavailable -> assertThat(unavailable.answer()).isNull());
        }
    }

    @Test
    void aDrippingBodyEndsWithTheTimeoutAsSuccess() throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            for (int i = 0; i < 10_000; i++) {
                exchange.write("x");
                Thread.sleep(20);
            }
        })) {
            assertThat(call(server)).isEqualTo(new Accepted(answered(200)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1073741824\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n"
            })
    void anEnormousBodyIsNotReadToItsEnd(String head) throws IOException {
        String block = "z".repeat(64 * 1024);
        try (RawServer server = new RawServer(exchange -> {
            exchange.request();
            exchange.write(head);
            for (int i = 0; i < 16 * 1024; i++) {
                exchange.write(block);
            }
        })) {
            long before = System.nanoTime();
            assertThat(call(server)).isEqualTo(new Accepted(answered(200)));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SHORT);
        }
    }

    @Test
    void aPooledConnectionClosedAfterThePostIsOneAttempt() throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            if (exchange.request()) {
                exchange.write(OK);
            }
            exchange.request();
        })) {
            Sink sink = sink(server);
            assertThat(sink.call(Samples.message("1"), 1).execute()).isEqualTo(new Accepted(answered(200)));
            assertThat(sink.call(Samples.message("2"), 1).execute())
                    .isEqualTo(new Unavailable(
                            SinkResult.Cause.ADDRESS, null, "connection closed before an answer", null));
            assertThat(server.requests()).hasSize(2);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerBeforeTheWholeBodyWasReadCounts() throws IOException {
        try (RawServer server = new RawServer(exchange -> {
            exchange.write("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            exchange.hang();
        })) {
            byte[] large = new byte[8 * 1024 * 1024];
            assertThat(sink(server).call(Samples.message(large), 1).execute())
                    .isEqualTo(new SinkResult.Refused(answered(413), "answered 413 Too Large"));
        }
    }

    @Test
    void aPortWithoutAListenerRefuses() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, RawServer.loopback(1))) {
            port = free.getLocalPort();
        }
        var address = Samples.address("http://127.0.0.1:" + port + "/");
        assertThat(sinks.sink(Samples.within(SHORT, address))
                        .call(Samples.message("1"), 1)
                        .execute())
                .isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "connection refused", null));
    }

    @Test
    void aListenerThatNeverAcceptsTimesOut() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, RawServer.loopback(1))) {
            var address = Samples.address("http://127.0.0.1:" + silent.getLocalPort() + "/");
            assertThat(sinks.sink(Samples.within(SHORT, address))
                            .call(Samples.message("1"), 1)
                            .execute())
                    .isEqualTo(new Unavailable(SinkResult.Cause.ADDRESS, null, "timed out after 400ms", null));
        }
    }

    @Test
    void cookiesAreNotKept() throws IOException {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")) {
            Sink sink = sink(server);
            sink.call(Samples.message("1"), 1).execute();
            sink.call(Samples.message("2"), 1).execute();
            assertThat(server.requests()).hasSize(2).noneMatch(request -> request.contains("ookie"));
        }
    }

    @Test
    void noChallengeIsAnswered() throws IOException {
        for (String status : Arrays.asList("401 Unauthorized", "407 Proxy Authentication Required")) {
            try (RawServer server = RawServer.answering(
                    "HTTP/1.1 " + status + "\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")) {
                var address = Samples.address(server.url().replace("//", "//me:pw@"), Map.of());
                SinkResult result = sinks.sink(Samples.within(SHORT, address))
                        .call(Samples.message("1"), 1)
                        .execute();
                assertThat(((Unavailable) result).error()).isEqualTo("answered " + status);
                assertThat(server.requests()).hasSize(1);
            }
        }
    }
}
