package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Statuses of {@code accept_on} deliver, and batches of lines. */
final class AcceptOnIT extends DispatchScene {
    AcceptOnIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            byte[] body = ("{\n  \"n\": " + i + ".50\n}").getBytes(StandardCharsets.UTF_8);
            records.write(TestRecords.message("app", "r", "t/" + i % 4, body));
        }
        records.flush();
    }

    private TestRoute route() {
        return TestRoute.of("r", "app", callback.url("/a")).retry(0).holdFor(Duration.ZERO);
    }

    @Test
    void anAcceptedStatusDelivers() {
        callback.on("/a", Answer.inTurn(Answer.status(200), Answer.status(409)));
        started(settings().route(route().acceptOn(409)));
        write(40);
        awaitCommitted("app", 40);
        assertThat(callback.requests("/a")).hasSize(40);
        assertThat(stored.all(names.dead("app"))).isEmpty();
    }

    @Test
    void withoutItTheSameStatusIsAFailure() {
        callback.on("/a", Answer.status(409));
        started(settings().route(route()));
        write(4);
        assertThat(dead("app", 4))
                .allSatisfy(record ->
                        assertThat(header(record, "relay-dead-status")).isEqualTo("409"));
    }

    private List<String> lines() {
        return callback.requests("/a").stream()
                .map(ReceivedRequest::bodyText)
                .flatMap(String::lines)
                .toList();
    }

    private static List<String> expected(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{  \"n\": " + i + ".50}")
                .toList();
    }

    @Test
    void batchesOfLinesArriveOnceAndAnAcceptedStatusDeliversThem() {
        callback.on("/a", Answer.status(409));
        started(settings()
                .route(route().acceptOn(409)
                        .batch(50, 20_000, Duration.ofMillis(50))
                        .batchFormat(Batch.Format.LINES)));
        write(200);
        awaitCommitted("app", 200);
        assertThat(callback.requests("/a")).hasSizeLessThan(100).allSatisfy(request -> {
            assertThat(request.header("content-type")).isEqualTo("application/x-ndjson");
            assertThat(request.bodyText()).endsWith("\n");
            assertThat(request.header("relay-batch-size"))
                    .isEqualTo(String.valueOf(request.bodyText().lines().count()));
        });
        assertThat(lines()).containsExactlyInAnyOrderElementsOf(expected(200));
    }

    @Test
    void aRefusedBatchOfLinesIsSentAgainLineByLine() {
        callback.on("/a", exchange -> {
            String body = exchange.request().bodyText();
            Answer.status(body.contains("7.50") ? 422 : 200).give(exchange);
        });
        started(settings()
                .route(route().batch(50, 20_000, Duration.ofMillis(50)).batchFormat(Batch.Format.LINES)));
        write(10);
        awaitCommitted("app", 10);
        assertThat(dead("app", 1))
                .singleElement()
                .satisfies(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                        .contains("7.50"));
        assertThat(callback.requests("/a").stream()
                        .map(ReceivedRequest::bodyText)
                        .filter(body -> body.contains("7.50") && body.lines().count() == 1))
                .hasSize(1);
    }
}
