package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RelayMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sends of one call, round by round: a round has the next message of each lane. A lane ends with its first failure.
 * Belongs to the thread of the call.
 */
final class OrderedRounds {
    private final List<Deque<RelayMessage>> lanes;
    private final Map<RelayMessage, CompletableFuture<SinkResult>> sent = new LinkedHashMap<>();
    private final List<Deque<RelayMessage>> inRound = new ArrayList<>();

    OrderedRounds(Collection<Deque<RelayMessage>> lanes) {
        this.lanes = new ArrayList<>(lanes);
    }

    /** The messages by lane, each in its order. */
    static Collection<Deque<RelayMessage>> lanes(List<RelayMessage> messages, Ordering ordering) {
        Map<Object, Deque<RelayMessage>> lanes = new LinkedHashMap<>();
        for (RelayMessage message : messages) {
            Object lane = switch (ordering) {
                case TOPIC -> message.topic();
                case APP -> "";
                case NONE -> lanes.size();
            };
            lanes.computeIfAbsent(lane, unused -> new ArrayDeque<>()).add(message);
        }
        return lanes.values();
    }

    /** Goes to the next round; false: no lane has a message that may be sent. */
    boolean next() {
        lanes.removeIf(Deque::isEmpty);
        inRound.clear();
        inRound.addAll(lanes);
        return !inRound.isEmpty();
    }

    /** Sends the first message of each lane. */
    void send(Function<RelayMessage, CompletableFuture<SinkResult>> sender) {
        for (Deque<RelayMessage> lane : inRound) {
            RelayMessage message = lane.element();
            sent.put(message, sender.apply(message));
        }
    }

    /**
     * Waits for the answers of the round, and ends the lanes that failed.
     *
     * @param cancelled ends the wait
     * @param nanos limit of the wait
     * @return whether all answers have arrived
     */
    boolean await(CompletableFuture<?> cancelled, long nanos) throws InterruptedException {
        CompletableFuture<?>[] answers =
                inRound.stream().map(lane -> sent.get(lane.element())).toArray(CompletableFuture[]::new);
        try {
            var unused = CompletableFuture.anyOf(CompletableFuture.allOf(answers), cancelled)
                    .get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is never an exception", e);
        }
        boolean all = true;
        for (Deque<RelayMessage> lane : inRound) {
            SinkResult result = resultOf(lane.remove());
            all &= result != null;
            if (!(result instanceof SinkResult.Accepted)) {
                lane.clear();
            }
        }
        return all;
    }

    private @Nullable SinkResult resultOf(RelayMessage message) {
        CompletableFuture<SinkResult> answer = sent.get(message);
        return answer == null ? null : answer.getNow(null);
    }

    /**
     * The result of the call. Accepted: the target has accepted every message. Else the failure that says least about
     * the messages, because the relay sends a batch again one by one when a message may be the cause.
     *
     * @param unanswered why an answer is missing
     */
    SinkResult result(String unanswered) {
        SinkResult accepted = null;
        SinkResult worst = null;
        for (CompletableFuture<SinkResult> answer : sent.values()) {
            SinkResult result = answer.getNow(null);
            if (result == null) {
                result = new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, unanswered, null);
            }
            if (result instanceof SinkResult.Accepted) {
                accepted = result;
            } else if (worst == null || rank(result) > rank(worst)) {
                worst = result;
            }
        }
        if (worst != null) {
            return worst;
        }
        if (accepted != null && lanes.stream().allMatch(Deque::isEmpty)) {
            return accepted;
        }
        return new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, unanswered, null);
    }

    private static int rank(SinkResult failure) {
        if (!(failure instanceof SinkResult.Unavailable unavailable)) {
            return 0;
        }
        return unavailable.cause() == SinkResult.Cause.EITHER ? 1 : 2;
    }

    /** The answers that a later attempt may use: of accepted messages, and those that have not arrived. */
    Map<RelayMessage, CompletableFuture<SinkResult>> unfinished() {
        Map<RelayMessage, CompletableFuture<SinkResult>> unfinished = new HashMap<>();
        sent.forEach((message, answer) -> {
            if (!answer.isDone() || answer.join() instanceof SinkResult.Accepted) {
                unfinished.put(message, answer);
            }
        });
        return unfinished;
    }
}
