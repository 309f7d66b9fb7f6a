package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.net.ProtocolException;
import java.util.List;
import okhttp3.Call;
import okhttp3.Response;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** One request and its answer. {@link #execute()} belongs to the thread that waits, {@link #cancel()} to any. */
final class HttpCall implements SinkCall {
    private static final Logger log = LogManager.getLogger(HttpCall.class);

    private final HttpSink sink;
    private final List<RelayMessage> messages;
    private final int attempt;
    private final AnswerHead head = new AnswerHead();
    private volatile @Nullable Call call;
    private volatile boolean cancelled;

    HttpCall(HttpSink sink, List<RelayMessage> messages, int attempt) {
        this.sink = sink;
        this.messages = messages;
        this.attempt = attempt;
    }

    @Override
    public SinkResult execute() {
        try {
            return send();
        } catch (Exception e) {
            // IOException for the network; RuntimeException, because the client throws some for answers of a callback;
            // and InterruptedException, which the client (it is Kotlin) throws undeclared
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Response answered = head.response();
            return answered != null
                    ? sink.answers().result(answered, "")
                    : new SinkResult.Unavailable(CallFailure.cause(e), null, failure(e), null);
        }
    }

    private SinkResult send() throws Exception {
        // the request is made now, not in the constructor: the receiver checks the age of its timestamp
        Call sending = sink.client()
                .newCall(sink.form()
                        .request(messages, attempt)
                        .tag(AnswerHead.class, head)
                        .build());
        call = sending;
        if (cancelled) {
            return new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, CallFailure.CANCELLED, null);
        }
        try (Response response = answer(sending)) {
            String firstLine = new AnswerBody(response.body().source()).drain(sending);
            return sink.answers().result(response, firstLine);
        }
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
        return CallFailure.describe(e, sink.timeout(), sink.answers().redaction());
    }

    @Override
    public void cancel() {
        cancelled = true;
        Call sending = call;
        if (sending != null) {
            sending.cancel();
        }
    }
}
