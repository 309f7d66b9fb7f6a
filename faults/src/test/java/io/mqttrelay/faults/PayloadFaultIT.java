package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Unusual messages: empty, far too large, or never accepted. */
final class PayloadFaultIT extends FaultScene {
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    /** Kafka's default limit of a record batch, its frame included. */
    private static final int KAFKA = 1_048_588;

    PayloadFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    @Tag("every-change")
    void f38PayloadsOfAnySize() {
        List<Integer> sizes = new ArrayList<>(List.of(0, 1, 1000, 64 << 10, 1_000_000, KAFKA - 300));
        sizes.addAll(List.of(KAFKA - 1, KAFKA, KAFKA + 1, 10 << 20));
        route("\"timeout\": \"30s\"");
        route(to("/a"));
        ingest().ready();
        dispatch().ready();
        Run run = run("F38", 20, "/a");
        run.flows(20);
        Random random = new Random(38); // data that does not compress
        List<Sent> delivered = new ArrayList<>();
        List<Sent> tooLarge = new ArrayList<>();
        for (int size : sizes) {
            byte[] payload = new byte[size];
            random.nextBytes(payload);
            Sent sent = run.load().publish(app + "/size/" + size, payload);
            (size <= 1_000_000 ? delivered : size > KAFKA ? tooLarge : new ArrayList<Sent>()).add(sent);
        }
        run.flows(100);
        run.ends(0, RECOVERY);
        assertThat(callback.deliveries()).extracting(each -> each.id()).containsAll(ids(delivered));
        assertThat(run.dead()).extracting(each -> each.id()).containsAll(ids(tooLarge));
        assertThat(run.deadLetters())
                .extracting(letter -> Run.text(letter, "relay-dead-reason"))
                .containsOnly("too_large");
        assertThat(run.deadLetters())
                .extracting(letter -> Run.text(letter, "relay-payload-size"))
                .contains(Integer.toString(10 << 20));
    }

    private static List<String> ids(List<Sent> sent) {
        return sent.stream().map(Sent::id).toList();
    }

    @Test
    @Tag("by-hand")
    void f39OneTopicAlwaysFails() {
        route(to("/a"));
        route("\"retry\": 3, \"retry_backoff\": {\"initial\": \"500ms\", \"max\": \"2s\"}");
        String failing = app + "/7";
        callback.on(
                "/a",
                exchange -> Answer.status(exchange.request().topic().equals(failing) ? 500 : 200)
                        .give(exchange));
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F39", 100, "/a"); // two a second on the topic that fails, which takes longer than that for each
        run.flows(200);
        Promptness others = Promptness.of(dispatch, app, callback.port());
        Pause.forMillis(20_000);
        double prompt = others.since();
        callback.on("/a", Answer.status(200));
        run.healed();
        run.figure("of the other topics', prompt", prompt);
        run.ends(0, RECOVERY);
        assertThat(prompt).isGreaterThan(0.99);
        assertThat(run.deadLetters()).isNotEmpty().allSatisfy(letter -> {
            assertThat(Run.text(letter, "mqtt-topic")).isEqualTo(failing);
            assertThat(Run.text(letter, "relay-attempts")).isEqualTo("4");
        });
    }
}
