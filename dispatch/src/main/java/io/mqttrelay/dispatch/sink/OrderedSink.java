package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RelayMessage;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A sink that sends each message of a call by itself, to a target whose answers arrive later. Any thread.
 *
 * <p>Messages of one lane are sent in their order, each after the target has accepted the one before. After a failure, no
 * later message of the lane is sent in this call.
 *
 * <p>A message is not sent again as long as its answer may still arrive, or if the target has already accepted it: a call
 * that timed out, or of which another message failed, leaves the answer for the next attempt. It is kept as long as the
 * relay holds the message in memory.
 */
public final class OrderedSink implements Sink {
    /** Sends one message. Any thread. */
    public interface Sender {
        /**
         * Sends a message. Blocks for at most about a second.
         *
         * @param attempt from 1
         * @return completed on any thread, never exceptionally, with the answer or with the failure
         */
        CompletableFuture<SinkResult> send(RelayMessage message, int attempt);

        /** Largest number of bytes that the message takes. */
        default long bytes(RelayMessage message) {
            return message.payload().length;
        }
    }

    private final Ordering ordering;
    private final Duration timeout;
    private final Sender sender;
    private final LongSupplier nanoTime;

    /** The answers of earlier calls. Two messages are equal only if they share their payload's array. */
    private final Map<RelayMessage, CompletableFuture<SinkResult>> answers =
            Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param ordering which messages are one lane
     * @param timeout of a whole call
     * @param nanoTime as {@link System#nanoTime}
     */
    public OrderedSink(Ordering ordering, Duration timeout, Sender sender, LongSupplier nanoTime) {
        this.ordering = ordering;
        this.timeout = timeout;
        this.sender = sender;
        this.nanoTime = nanoTime;
    }

    @Override
    public SinkCall call(List<RelayMessage> messages, int attempt) {
        return new OrderedCall(messages, attempt);
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return sender.bytes(message);
    }

    private CompletableFuture<SinkResult> answer(RelayMessage message, int attempt) {
        CompletableFuture<SinkResult> earlier = answers.remove(message);
        if (earlier != null && (!earlier.isDone() || earlier.join() instanceof SinkResult.Accepted)) {
            return earlier;
        }
        return sender.send(message, attempt);
    }

    private final class OrderedCall implements SinkCall {
        private final List<RelayMessage> messages;
        private final int attempt;
        private final CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();

        OrderedCall(List<RelayMessage> messages, int attempt) {
            this.messages = messages;
            this.attempt = attempt;
        }

        @Override
        public SinkResult execute() {
            OrderedRounds rounds = new OrderedRounds(OrderedRounds.lanes(messages, ordering));
            long deadline = nanoTime.getAsLong() + timeout.toNanos();
            try {
                while (rounds.next() && !cancelled.isDone()) {
                    rounds.send(message -> answer(message, attempt));
                    if (!rounds.await(cancelled, deadline - nanoTime.getAsLong())) {
                        break;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                var unused = cancelled.complete(null);
            }
            SinkResult result = rounds.result(cancelled.isDone() ? "cancelled" : timedOut());
            if (!(result instanceof SinkResult.Accepted)) {
                rounds.unfinished().forEach(answers::put);
            }
            return result;
        }

        private String timedOut() {
            return "timed out after " + timeout.toMillis() + " ms: no acknowledgement";
        }

        @Override
        public void cancel() {
            var unused = cancelled.complete(null);
        }
    }
}
