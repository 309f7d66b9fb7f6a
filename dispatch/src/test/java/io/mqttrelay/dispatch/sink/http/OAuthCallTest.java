package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.dispatch.sink.SinkResult.Refused;
import io.mqttrelay.dispatch.sink.SinkResult.Unavailable;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls with a token: sent with it, repeated once after a 401, and failures of the token server. */
class OAuthCallTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1.2.3", Egress.DEFAULT, Samples.EXECUTORS);
    private final CallbackServer server = CallbackServer.start();
    private final AtomicInteger granted = new AtomicInteger();

    OAuthCallTest() {
        server.on("/token", grants());
    }

    @AfterEach
    void stop() {
        sinks.close();
        server.close();
    }

    private Answer grants() {
        return exchange -> Answer.status(
                        200,
                        "{\"access_token\": \"token-" + granted.incrementAndGet()
                                + "\", \"token_type\": \"Bearer\", \"expires_in\": 3600}")
                .give(exchange);
    }

    private OAuth2 login() {
        return new OAuth2(
                URI.create(server.url("/token")), "client", new Secret("hunter2"), null, null, OAuth2.Auth.BASIC);
    }

    private Destination destination(String path) {
        Map<String, Secret> headers = Map.of("Authorization", new Secret("Basic other"));
        return Samples.authorized(login(), Samples.address(server.url(path), headers));
    }

    private SinkResult call(Destination destination) {
        return sinks.sink(destination).call(Samples.message("{}"), 1).execute();
    }

    private List<String> tokens(String path) {
        return server.requests(path).stream()
                .map(request -> request.header("authorization"))
                .toList();
    }

    @Test
    void aCallCarriesTheTokenInsteadOfAnotherLogin() {
        assertThat(call(destination("/a"))).isEqualTo(new Accepted(answered(200)));
        assertThat(call(destination("/b"))).isEqualTo(new Accepted(answered(200)));
        assertThat(tokens("/a")).containsExactly("Bearer token-1");
        assertThat(tokens("/b")).containsExactly("Bearer token-1");
    }

    @Test
    void aCallThatIsRefusedOnceIsRepeatedWithANewToken() {
        server.on("/a", Answer.first(1, Answer.status(401), Answer.status(204)));
        assertThat(call(destination("/a"))).isEqualTo(new Accepted(answered(204)));
        assertThat(tokens("/a")).containsExactly("Bearer token-1", "Bearer token-2");
        assertThat(server.requests("/a").get(1).header("relay-attempt")).isEqualTo("1");
    }

    @Test
    void aSecondRefusalIsTheAnswerAndHidesTheToken() {
        server.on("/a", Answer.status(401, "token-2 is bad"));
        assertThat(call(destination("/a"))).isInstanceOfSatisfying(Unavailable.class, failure -> {
            assertThat(failure.cause()).isEqualTo(Cause.EITHER);
            assertThat(failure.answer()).isEqualTo(answered(401));
            assertThat(failure.error()).endsWith("*** is bad");
        });
        assertThat(tokens("/a")).containsExactly("Bearer token-1", "Bearer token-2");
    }

    @Test
    void aRefusalAfterASecondAnswerIsJudgedByItsStatus() {
        server.on("/a", Answer.inTurn(Answer.status(401), Answer.status(422)));
        assertThat(call(destination("/a"))).isInstanceOf(Refused.class);
    }

    @Test
    void anAccepted401IsNotRepeated() {
        server.on("/a", Answer.status(401));
        assertThat(call(Samples.accepting(Set.of(401), destination("/a")))).isEqualTo(new Accepted(answered(401)));
        assertThat(tokens("/a")).hasSize(1);
        assertThat(granted).hasValue(1);
    }

    @Test
    void aFailingTokenServerIsAFailureOfTheLogin() {
        server.on("/token", Answer.status(400, "{\"error\": \"invalid_client\"}"));
        assertThat(call(destination("/a")))
                .isEqualTo(new Unavailable(
                        Cause.LOGIN, null, "token server " + server.url("") + ": answered 400: invalid_client", null));
        assertThat(server.requests("/a")).isEmpty();
    }

    @Test
    void aTokenServerThatFailsLaterIsAFailureOfTheLogin() {
        server.on("/token", Answer.first(1, grants(), Answer.status(503)));
        server.on("/a", Answer.status(401));
        assertThat(call(destination("/a"))).isInstanceOfSatisfying(Unavailable.class, failure -> {
            assertThat(failure.cause()).isEqualTo(Cause.LOGIN);
            assertThat(failure.answer()).isNull();
            assertThat(failure.error()).endsWith("answered 503");
        });
    }

    @Test
    void aFailingTokenServerFailsNoOtherAddress() {
        assertThat(call(destination("/a"))).isInstanceOf(Accepted.class);
        server.on("/token", Answer.status(500));
        server.on("/b", Answer.status(401));
        assertThat(call(destination("/b"))).isInstanceOf(Unavailable.class);
        assertThat(call(destination("/a"))).isInstanceOf(Accepted.class);
    }

    @Test
    void theTimeoutBoundsTheWaitForTheTokenAndTheCall() {
        server.on("/token", Answer.hang());
        Duration timeout = Duration.ofMillis(400);
        long began = System.nanoTime();
        assertThat(call(Samples.within(timeout, destination("/a"))))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        failure -> assertThat(failure.cause()).isEqualTo(Cause.LOGIN));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(timeout.minusMillis(5), PATIENCE);

        server.on("/token", Answer.after(Duration.ofMillis(200), grants()));
        server.on("/b", Answer.hang());
        began = System.nanoTime();
        assertThat(call(Samples.within(timeout, destination("/b")))).isInstanceOf(Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(timeout.minusMillis(5), timeout.multipliedBy(2));
    }

    @Test
    void aCancelledCallWaitsForNoToken() throws Exception {
        server.on("/token", Answer.hang());
        Destination patient = Samples.within(Duration.ofMinutes(5), destination("/a"));
        SinkCall call = sinks.sink(patient).call(Samples.message("{}"), 1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<SinkResult> result = thread.submit(call::execute);
            server.await("/token", 1, PATIENCE);
            call.cancel();
            assertThat(result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Unavailable.class);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aPreviewHidesTheTokenAndRequestsNone() {
        RequestPreview preview =
                HttpPreview.of(destination("/a"), Samples.message("{}"), new PreviewContext(Samples.CLOCK, "1.2.3"));
        assertThat(preview.headers()).contains("authorization: ***");
        assertThat(preview.toString()).doesNotContain("hunter2", "Basic other");
        assertThat(server.requests()).isEmpty();
    }
}
