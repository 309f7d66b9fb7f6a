package io.mqttrelay.dispatch.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RelayMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The order of the sends of one call, and the answers that a later attempt finds. */
class OrderedSinkTest {
    private static final SinkResult ACCEPTED = new SinkResult.Accepted(new Answer(null, "ok"));
    private static final SinkResult REFUSED = new SinkResult.Refused(new Answer(null, "refused"), "too large");
    private static final SinkResult AWAY =
            new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, "connection refused", null);
    private static final SinkResult UNSURE =
            new SinkResult.Unavailable(SinkResult.Cause.EITHER, null, "internal error", null);

    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, SinkResult> answers = new HashMap<>();
    private final Map<String, CompletableFuture<SinkResult>> late = new HashMap<>();

    private OrderedSink sink(Ordering ordering, Duration timeout) {
        return new OrderedSink(ordering, timeout, this::send, System::nanoTime);
    }

    private CompletableFuture<SinkResult> send(RelayMessage message, int attempt) {
        sent.add(message.id());
        CompletableFuture<SinkResult> pending = late.get(message.id());
        return pending != null
                ? pending
                : CompletableFuture.completedFuture(answers.getOrDefault(message.id(), ACCEPTED));
    }

    /** A message of the topic that its id begins with. */
    private static RelayMessage message(String id) {
        return new RelayMessage(
                id, "app", "route", 1, id.substring(0, 1), 1, false, null, null, null, null, List.of(), new byte[1]);
    }

    private static List<RelayMessage> messages(String... ids) {
        return List.of(ids).stream().map(OrderedSinkTest::message).toList();
    }

    @Test
    void sendsTheLanesOfACallRoundByRound() {
        SinkResult result = sink(Ordering.TOPIC, Duration.ofSeconds(10))
                .call(messages("a1", "a2", "b1", "a3", "b2"), 1)
                .execute();

        assertThat(result).isEqualTo(ACCEPTED);
        assertThat(sent).containsExactly("a1", "b1", "a2", "b2", "a3");
    }

    @Test
    void oneLaneOfAnAppIsSentInItsOrder() {
        var unused = sink(Ordering.APP, Duration.ofSeconds(10))
                .call(messages("a1", "b1", "a2"), 1)
                .execute();

        assertThat(sent).containsExactly("a1", "b1", "a2");
    }

    @Test
    void aMessageDoesNotPassAFailedOneOfItsLane() {
        answers.put("a1", REFUSED);

        SinkResult result = sink(Ordering.TOPIC, Duration.ofSeconds(10))
                .call(messages("a1", "a2", "b1", "b2"), 1)
                .execute();

        assertThat(result).isEqualTo(REFUSED);
        assertThat(sent).containsExactly("a1", "b1", "b2");
    }

    @Test
    void aMessageWaitsForTheOneBeforeIt() {
        late.put("a1", new CompletableFuture<>());
        SinkCall call = sink(Ordering.TOPIC, Duration.ofMillis(50)).call(messages("a1", "a2"), 1);

        SinkResult result = call.execute();

        assertThat(result).isInstanceOf(SinkResult.Unavailable.class);
        assertThat(sent).containsExactly("a1");
    }

    @Test
    void anAcceptedMessageOfAFailedCallIsNotSentAgain() {
        OrderedSink sink = sink(Ordering.TOPIC, Duration.ofSeconds(10));
        List<RelayMessage> batch = messages("a1", "b1", "c1");
        answers.put("b1", REFUSED);
        assertThat(sink.call(batch, 1).execute()).isEqualTo(REFUSED);

        assertThat(sink.call(batch.get(0), 2).execute()).isEqualTo(ACCEPTED);
        assertThat(sink.call(batch.get(1), 2).execute()).isEqualTo(REFUSED);
        assertThat(sink.call(batch.get(2), 2).execute()).isEqualTo(ACCEPTED);

        assertThat(sent).containsExactly("a1", "b1", "c1", "b1");
    }

    @Test
    void aLateAnswerIsForTheNextAttempt() {
        OrderedSink sink = sink(Ordering.TOPIC, Duration.ofMillis(50));
        CompletableFuture<SinkResult> answer = new CompletableFuture<>();
        late.put("a1", answer);
        RelayMessage message = message("a1");
        assertThat(sink.call(message, 1).execute()).isInstanceOf(SinkResult.Unavailable.class);

        answer.complete(ACCEPTED);

        assertThat(sink.call(message, 2).execute()).isEqualTo(ACCEPTED);
        assertThat(sent).containsExactly("a1");
    }

    @Test
    void aMessageThatFailedLateIsSentAgain() {
        OrderedSink sink = sink(Ordering.TOPIC, Duration.ofMillis(50));
        CompletableFuture<SinkResult> answer = new CompletableFuture<>();
        late.put("a1", answer);
        RelayMessage message = message("a1");
        assertThat(sink.call(message, 1).execute()).isInstanceOf(SinkResult.Unavailable.class);
        answer.complete(AWAY);
        late.clear();

        assertThat(sink.call(message, 2).execute()).isEqualTo(ACCEPTED);
        assertThat(sent).containsExactly("a1", "a1");
    }

    @Test
    void aReplayOfAnAcceptedMessageIsSent() {
        OrderedSink sink = sink(Ordering.TOPIC, Duration.ofSeconds(10));
        answers.put("b1", REFUSED);
        var unused = sink.call(messages("a1", "b1"), 1).execute();

        assertThat(sink.call(message("a1"), 1).execute()).isEqualTo(ACCEPTED);

        assertThat(sent).containsExactly("a1", "b1", "a1");
    }

    @Test
    void theFailureOfTheAddressIsTheResultOfABatch() {
        answers.put("a1", REFUSED);
        answers.put("b1", UNSURE);
        answers.put("c1", AWAY);
        OrderedSink sink = sink(Ordering.TOPIC, Duration.ofSeconds(10));

        assertThat(sink.call(messages("a1", "b1", "c1"), 1).execute()).isEqualTo(AWAY);
        assertThat(sink.call(messages("a1", "b1"), 1).execute()).isEqualTo(UNSURE);
    }

    @Test
    void aCancelledCallEndsAtOnce() throws Exception {
        late.put("a1", new CompletableFuture<>());
        SinkCall call = sink(Ordering.TOPIC, Duration.ofMinutes(10)).call(message("a1"), 1);
        CompletableFuture<SinkResult> result = CompletableFuture.supplyAsync(call::execute);
        await().until(() -> sent.contains("a1"));

        call.cancel();

        await().atMost(Duration.ofSeconds(10)).until(result::isDone);
        assertThat(((SinkResult.Unavailable) result.get()).error()).isEqualTo("cancelled");
    }

    @Test
    void aCallThatIsCancelledBeforeSendsNothing() {
        SinkCall call = sink(Ordering.TOPIC, Duration.ofMinutes(10)).call(message("a1"), 1);

        call.cancel();

        assertThat(call.execute()).isInstanceOf(SinkResult.Unavailable.class);
        assertThat(sent).isEmpty();
    }
}
