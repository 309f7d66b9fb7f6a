package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Refused;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every status has one meaning, and one attempt is one request. */
class CallbackStatusTest {
    private final MockWebServer server = new MockWebServer();
    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1.2.3", Egress.DEFAULT, Samples.EXECUTORS);

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        sinks.close();
        server.close();
    }

    private Sink sink() {
        var address = Samples.address(server.url("/callback").toString());
        return sinks.sink(address);
    }

    private SinkResult answer(MockResponse response) {
        server.enqueue(response);
        return sink().call(Samples.message("{}"), 1).execute();
    }

    private static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 206, 226, 299})
    void everySuccessfulStatusMeansDelivered(int code) {
        assertThat(answer(status(code))).isEqualTo(new Accepted(answered(code)));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205})
    void anEmptyAnswerMeansDelivered(int code) {
        assertThat(answer(status(code))).isEqualTo(new Accepted(answered(code)));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 406, 413, 414, 415, 422, 431})
    void aStatusThatSpeaksOfTheMessageRefusesIt(int code) {
        assertThat(answer(status(code))).isEqualTo(new Refused(answered(code), "answered " + code + " Client Error"));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 502, 503, 504})
    void someStatusesSpeakOfTheAddress(int code) {
        checkFailure(code, SinkResult.Cause.ADDRESS);
    }

    @Test
    void tooManyRequestsIsAnOverload() {
        checkFailure(429, SinkResult.Cause.OVERLOAD);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                300, 304, 401, 402, 403, 404, 405, 407, 409, 410, 418, 421, 425, 499, 500, 501, 507, 511, 599, 600, 999
            })
    void anyOtherStatusMaySpeakOfEither(int code) {
        checkFailure(code, SinkResult.Cause.EITHER);
    }

    private void checkFailure(int code, SinkResult.Cause cause) {
        assertThat(answer(status(code))).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.cause()).isEqualTo(cause);
            assertThat(unavailable.answer()).isEqualTo(answered(code));
            assertThat(unavailable.error()).startsWith("answered " + code);
            assertThat(unavailable.retryAfter()).isNull();
        });
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "503,5,OVERLOAD",
        "503,0,OVERLOAD",
        "503,soon,ADDRESS",
        "429,5,OVERLOAD",
        "502,5,ADDRESS",
        "500,5,EITHER"
    })
    void aServerThatIsBusyAndSaysForHowLongIsOverloaded(int code, String retryAfter, SinkResult.Cause cause) {
        MockResponse busy = new MockResponse.Builder()
                .code(code)
                .addHeader("Retry-After", retryAfter)
                .build();

        assertThat(answer(busy))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.cause()).isEqualTo(cause));
    }

    @ParameterizedTest
    @CsvSource({"408,600", "429,600", "502,600", "503,600", "504,600", "307,", "403,", "404,", "500,", "501,"})
    void onlyAFailureOfTheAddressMayAskForAWait(int code, @Nullable Integer seconds) {
        MockResponse asking = new MockResponse.Builder()
                .code(code)
                .addHeader("Retry-After", "600")
                .build();

        assertThat(answer(asking))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.retryAfter())
                                .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreNotFollowed(int code) {
        server.enqueue(status(200));
        MockResponse redirect = new MockResponse.Builder()
                .code(code)
                .addHeader("Location", "/elsewhere?token=s3cret")
                .build();

        SinkResult result = sinkAfter(redirect);

        assertThat(result).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.answer()).isEqualTo(answered(code));
            assertThat(unavailable.error())
                    .contains("redirects are not followed", "/elsewhere")
                    .doesNotContain("s3cret");
        });
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    private SinkResult sinkAfter(MockResponse first) {
        MockWebServer fresh = server;
        fresh.setDispatcher(new FirstThenOk(first));
        return sink().call(Samples.message("{}"), 1).execute();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7, 7",
        "600, 600",
        "601, 600",
        "99999999999, 600",
        "99999999999999999999999999, 600",
        "000012, 12"
    })
    void retryAfterInSecondsIsBounded(String header, long seconds) {
        assertThat(retryAfter(header)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "soon", "+5", "", "0x10", "1e3", "５"})
    void aRetryAfterThatSaysNothingIsIgnored(String header) {
        assertThat(retryAfter(header)).isNull();
    }

    private Duration retryAfter(String header) {
        MockResponse response = new MockResponse.Builder()
                .code(503)
                .headers(new okhttp3.Headers.Builder()
                        .addUnsafeNonAscii("Retry-After", header)
                        .build())
                .addHeader("Content-Length", "0")
                .build();
        SinkResult result = sinkAfter(response);
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(result).isInstanceOf(Unavailable.class);
        assertThat(((Unavailable) result).answer()).isEqualTo(answered(503));
        return ((Unavailable) result).retryAfter();
    }

    @Test
    void theErrorQuotesTheFirstLineOfTheBody() {
        MockResponse response = new MockResponse.Builder()
                .status("HTTP/1.1 422 Unprocessable Content")
                .body("\nfield \"t\" is\u0007 missing\nstack trace\n")
                .build();
        assertThat(answer(response))
                .isEqualTo(new Refused(answered(422), "answered 422 Unprocessable Content: field \"t\" is? missing"));
    }

    @Test
    void aCallbackThatEchoesItsRequestRevealsNoSecret() {
        var address = Samples.address(
                server.url("/callback").newBuilder().query("key=hidden").build().toString(),
                // as the configuration reads a login in a URL
                Map.of("X-Api-Key", new Secret("t0p-s3cret"), "Authorization", new Secret("Basic bWU6cDRzc3dvcmQ=")),
                "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        server.enqueue(new MockResponse.Builder()
                .code(500)
                .body("got t0p-s3cret me:p4ssword bWU6cDRzc3dvcmQ= key=hidden")
                .build());

        SinkResult result = sinks.sink(address).call(Samples.message("{}"), 1).execute();

        assertThat(((Unavailable) result).error()).isEqualTo("answered 500 Server Error: got *** me:*** *** ***");
    }
}
