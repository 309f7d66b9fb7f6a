package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.http.net.CallFailure;
import io.mqttrelay.dispatch.sink.http.oauth.AccessToken;
import io.mqttrelay.dispatch.sink.http.oauth.TokenWait;
import java.net.ProtocolException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** One request and its answer. {@link #execute} belongs to the thread that waits, {@link #cancel()} to any. */
final class HttpExchange {
    private static final Logger log = LogManager.getLogger(HttpExchange.class);

    private final HttpSink sink;
    private final List<RelayMessage> messages;
    private final @Nullable AccessToken token;
    private final @Nullable TokenWait bound;
    private final AnswerTable answers;
    private final AnswerHead head = new AnswerHead();
    private volatile @Nullable Call call;
    private volatile boolean cancelled;

    /**
     * @param token null: without
     * @param bound how long the exchange may take; null: the timeout of the sink
     */
    HttpExchange(HttpSink sink, List<RelayMessage> messages, @Nullable AccessToken token, @Nullable TokenWait bound) {
        this.sink = sink;
        this.messages = messages;
        this.token = token;
        this.bound = bound;
        this.answers = token == null ? sink.answers() : sink.answers().hiding(token.reveal());
    }

    /** @param attempt from 1 */
    SinkResult execute(int attempt) {
        try {
            return send(attempt);
        } catch (Exception e) {
            // IOException for the network; RuntimeException, because the client throws some for answers of a callback;
            // and InterruptedException, which the client (it is Kotlin) throws undeclared
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Response answered = head.response();
            return answered != null
                    ? answers.result(answered, "")
                    : new SinkResult.Unavailable(CallFailure.cause(e), null, failure(e), null);
        }
    }

    private SinkResult send(int attempt) throws Exception {
        // the request is made now, not in the constructor: the receiver checks the age of its timestamp
        Call sending = sink.client().newCall(request(attempt));
        if (bound != null) {
            // zero would be no limit
            sending.timeout().timeout(Math.max(1, bound.left().toNanos()), TimeUnit.NANOSECONDS);
        }
        call = sending;
        if (cancelled) {
            return new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, CallFailure.CANCELLED, null);
        }
        try (Response response = answer(sending)) {
            String firstLine = new AnswerBody(response.body().source()).drain(sending);
            return answers.result(response, firstLine);
        }
    }

    private Request request(int attempt) {
        Request.Builder request = sink.form().request(messages, attempt).tag(AnswerHead.class, head);
        if (token != null) {
            request.header(RequestForm.AUTHORIZATION, RequestForm.BEARER + token.reveal());
        }
        return request.build();
    }

    /**
     * Sends the request. An answer that the client cannot read, such as a status below 0, is the callback's failure.
     */
    private static Response answer(Call sending) throws Exception {
        try {
            return sending.execute();
        } catch (IllegalStateException | IllegalArgumentException e) {
            log.debug("taken for a malformed answer", e);
            throw new ProtocolException(String.valueOf(e.getMessage()));
        }
    }

    private String failure(Exception e) {
        if (cancelled) {
            return CallFailure.CANCELLED;
        }
        if (e instanceof RuntimeException) {
            log.warn(
                    "the call of message {} ({} in the request) to {} failed in the relay itself",
                    messages.get(0).id(),
                    messages.size(),
                    sink.form().display(),
                    e);
        }
        return CallFailure.describe(e, sink.timeout(), answers.redaction()::apply);
    }

    void cancel() {
        cancelled = true;
        Call sending = call;
        if (sending != null) {
            sending.cancel();
        }
    }
}
