package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.http.net.CallFailure;
import io.mqttrelay.dispatch.sink.http.oauth.AccessToken;
import io.mqttrelay.dispatch.sink.http.oauth.TokenResult;
import io.mqttrelay.dispatch.sink.http.oauth.TokenSource;
import io.mqttrelay.dispatch.sink.http.oauth.TokenWait;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt: a request and its answer. With OAuth2, it waits for a token before, and a request that was answered 401 is
 * sent once more with another token. All of it takes no longer than the timeout. {@link #execute()} belongs to the thread
 * that waits, {@link #cancel()} to any.
 */
final class HttpCall implements SinkCall {
    private static final int UNAUTHORIZED = 401;

    private final HttpSink sink;
    private final List<RelayMessage> messages;
    private final int attempt;

    // guarded by this
    private boolean cancelled;
    private @Nullable TokenWait wait;
    private @Nullable HttpExchange exchange;

    HttpCall(HttpSink sink, List<RelayMessage> messages, int attempt) {
        this.sink = sink;
        this.messages = messages;
        this.attempt = attempt;
    }

    @Override
    public SinkResult execute() {
        TokenSource tokens = sink.tokens();
        return tokens == null ? send(null, null) : withToken(tokens);
    }

    private SinkResult withToken(TokenSource tokens) {
        TokenWait waiting = beginWait();
        TokenResult first = tokens.token(waiting);
        if (!(first instanceof TokenResult.Granted granted)) {
            return withoutToken(first);
        }
        SinkResult result = send(granted.token(), waiting);
        if (!isUnauthorized(result)) {
            return result;
        }
        TokenResult other = tokens.insteadOf(granted.token(), waiting);
        return other instanceof TokenResult.Granted renewed ? send(renewed.token(), waiting) : withoutToken(other);
    }

    private static boolean isUnauthorized(SinkResult result) {
        Integer status = Answer.statusOf(result.answer());
        return status != null && status == UNAUTHORIZED && !(result instanceof SinkResult.Accepted);
    }

    /** No token: nothing was sent, so no message is the cause. */
    private static SinkResult withoutToken(TokenResult result) {
        String error = result instanceof TokenResult.Failed failed ? failed.error() : CallFailure.CANCELLED;
        return new SinkResult.Unavailable(SinkResult.Cause.LOGIN, null, error, null);
    }

    /**
     * Sends the request.
     *
     * @param token null: without
     * @param bound how long the call may still take; null: the timeout
     */
    private SinkResult send(@Nullable AccessToken token, @Nullable TokenWait bound) {
        HttpExchange next = new HttpExchange(sink, messages, token, bound);
        synchronized (this) {
            exchange = next;
            if (cancelled) {
                next.cancel();
            }
        }
        return next.execute(attempt);
    }

    private synchronized TokenWait beginWait() {
        TokenWait begun = new TokenWait(System::nanoTime, sink.timeout());
        wait = begun;
        if (cancelled) {
            begun.cancel();
        }
        return begun;
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        if (wait != null) {
            wait.cancel();
        }
        if (exchange != null) {
            exchange.cancel();
        }
    }
}
