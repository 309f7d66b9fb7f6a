package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A callback sends unusual answers. One address for each answer, all at once. */
@Tag("every-change")
final class CallbackAnswerFaultIT extends FaultScene {
    private static final String PATIENT = "\"retry\": 10, \"retry_backoff\": {\"initial\": \"200ms\", \"max\": \"2s\"}";
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    CallbackAnswerFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f27SaysWhenToComeBack() {
        Map<String, Answer> asks = Map.of(
                "/nought", Answer.retryAfter(503, "0"),
                "/five", Answer.retryAfter(429, "5"),
                "/negative", Answer.retryAfter(429, "-1"),
                "/date", Misbehaviour.comeBackIn(Duration.ofSeconds(6)),
                "/garbage", Answer.retryAfter(503, "when I am back"),
                "/timeout", Answer.status(408));
        RelayService dispatch = begin(asks, 2);
        Run run = run("F27", 10, paths(asks));
        run.flows(50);
        callback.await("/five", 10, RECOVERY);
        run.ends(0, RECOVERY);

        assertThat(gaps("/five").limit(2)).allMatch(gap -> gap >= 4900);
        assertThat(gaps("/date").limit(2)).allMatch(gap -> gap >= 4900); // a date has whole seconds
        assertThat(callback.requests("/negative")).hasSameSizeAs(callback.requests("/garbage"));
        assertThat(run.dead()).isEmpty();
        assertEveryRequestWasCounted(dispatch);
    }

    @Test
    void f27AsksForMoreThanAnyoneShould() {
        Map<String, Answer> asks = Map.of(
                "/hour", Answer.retryAfter(503, "3600"),
                "/age", Answer.retryAfter(429, "99999999999"));
        RelayService dispatch = begin(asks, Integer.MAX_VALUE);
        Run run = run("F27 clamped", 20, paths(asks));
        run.flows(200);

        assertThat(callback.requests("/hour")).hasSize(1);
        assertThat(callback.requests("/age")).hasSize(1);
        double longest = dispatch.largest("relay_dispatch_retry_after", app);
        assertThat(longest).as("seconds, of the address that asked for more").isBetween(500.0, 600.0);
        assertThat(dispatch.isReady()).isTrue();
    }

    @Test
    void f28SaysNo() {
        List<Integer> ofTheMessage = List.of(400, 413, 422);
        List<Integer> ofTheAddress = List.of(401, 403, 404, 409, 410);
        String[] paths = Stream.concat(
                        Stream.concat(ofTheMessage.stream(), ofTheAddress.stream())
                                .map(status -> "/" + status),
                        Stream.of("/a"))
                .toArray(String[]::new);
        Stream.concat(ofTheMessage.stream(), ofTheAddress.stream())
                .forEach(status -> callback.on("/" + status, Answer.status(status, "no, because " + "x".repeat(5000))));
        route(to(paths));
        route(PATIENT);
        ingest().ready();
        dispatch().ready();
        Run run = run("F28", 20, paths);
        run.flows(100);
        ofTheAddress.forEach(status -> callback.on("/" + status, Answer.status(200)));
        run.healed();
        run.ends(0, RECOVERY);

        assertThat(run.deadLetters())
                .hasSize(3 * run.load().acknowledged().size())
                .allSatisfy(letter -> {
                    assertThat(Run.text(letter, "relay-dead-reason")).isEqualTo("rejected");
                    assertThat(Run.text(letter, "relay-address")).endsWith("/" + Run.text(letter, "relay-dead-status"));
                    assertThat(Run.text(letter, "relay-attempts")).isEqualTo("1");
                    assertThat(Run.text(letter, "relay-dead-error"))
                            .contains("no, because")
                            .hasSizeLessThan(1024);
                });
    }

    @Test
    void f29SendsElsewhere() {
        CallbackServer other = opened(CallbackServer.start());
        List<Integer> statuses = List.of(301, 302, 303, 307, 308);
        Map<String, Answer> redirects = statuses.stream()
                .collect(Collectors.toMap(
                        status -> "/" + status,
                        status -> Answer.inTurn(
                                Answer.redirect(status, other.url("/there")),
                                Answer.redirect(status, callback.url("/elsewhere")),
                                Answer.redirect(status, "/elsewhere"),
                                Answer.status(200))));
        redirects.forEach(callback::on);
        RelayService dispatch = dispatchTo(redirects);
        Run run = run("F29", 20, paths(redirects));
        run.flows(60);
        run.ends(0, RECOVERY);

        assertThat(other.requests()).as("requests at the other host").isEmpty();
        assertThat(callback.requests("/elsewhere")).isEmpty();
        assertThat(run.dead()).isEmpty();
        assertEveryRequestWasCounted(dispatch);
    }

    @Test
    void f30SaysTooMuch() {
        Map<String, Answer> bodies = Map.of(
                "/gigabyte", Misbehaviour.body(1 << 30),
                "/endless", Answer.endless(200),
                "/drip", Answer.drip(200, Duration.ofMillis(20)),
                "/hints", Misbehaviour.endlessHints(),
                "/headers", Misbehaviour.headers(2 << 20),
                "/bomb", Misbehaviour.gzipBomb(100 << 20),
                "/body-of-204", Misbehaviour.bodyOf204());
        RelayService dispatch = begin(bodies, 3, "-Xmx64m");
        Run run = run("F30", 10, paths(bodies));
        run.flows(100);
        run.figure("resident MB", ProcessStatus.of(dispatch).residentBytes() >> 20);
        run.ends(0, RECOVERY);
        assertThat(run.dead()).isEmpty();
        assertThat(ProcessStatus.of(dispatch).residentBytes()).isLessThan(320 << 20);
        assertEveryRequestWasCounted(dispatch);
    }

    @Test
    void f31SpeaksNoHttp() {
        Map<String, Answer> answers = Map.of(
                "/garbage", Answer.garbage(),
                "/short", Answer.endInBody(200),
                "/short-503", Answer.endInBody(503),
                "/close", Answer.close(),
                "/reset", Answer.reset(),
                "/half-a-head", Answer.bytes("HTTP/1.1 200 OK\r\nContent-Le"),
                "/negative", Misbehaviour.negativeLength());
        RelayService dispatch = begin(answers, 3);
        Run run = run("F31", 20, paths(answers));
        run.flows(100);
        run.ends(0, RECOVERY);
        assertThat(run.dead()).isEmpty();
        assertEveryRequestWasCounted(dispatch);
    }

    /** Each path answers like this a few times, and works from then on. */
    private RelayService begin(Map<String, Answer> answers, int times, String... javaOptions) {
        answers.forEach((path, answer) -> callback.on(path, Answer.first(times, answer, Answer.status(200))));
        return dispatchTo(answers, javaOptions);
    }

    private RelayService dispatchTo(Map<String, Answer> answers, String... javaOptions) {
        route(to(paths(answers)));
        route(PATIENT);
        route("\"timeout\": \"3s\", \"max_in_flight\": 1");
        ingest().ready();
        return dispatch(javaOptions).ready();
    }

    private static String[] paths(Map<String, Answer> answers) {
        return Stream.concat(answers.keySet().stream(), Stream.of("/a")).toArray(String[]::new);
    }

    /** Milliseconds from one request of a path to the next. */
    private Stream<Long> gaps(String path) {
        List<ReceivedRequest> requests = callback.requests(path);
        return Stream.iterate(1, next -> next < requests.size(), next -> next + 1)
                .map(next ->
                        (requests.get(next).atNanos() - requests.get(next - 1).atNanos()) / 1_000_000);
    }

    private void assertEveryRequestWasCounted(RelayService dispatch) {
        assertThat(dispatch.meter("relay_dispatch_attempt_seconds_count", app))
                .as("one attempt is one request")
                .isEqualTo(callback.requests().size());
    }
}
