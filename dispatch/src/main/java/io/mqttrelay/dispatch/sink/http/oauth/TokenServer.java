package io.mqttrelay.dispatch.sink.http.oauth;

import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.sink.http.net.CallFailure;
import io.mqttrelay.dispatch.sink.http.net.Connections;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Makes token requests. Expected failures are results: no exception, and no text with a secret. Any thread. */
final class TokenServer {
    /** Bounds a token request, beside the timeout of the call that makes it. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    /** Largest number of bytes of an answer. */
    private static final long LIMIT = 64 * 1024;

    private static final int MAX_ERROR = 200;

    private final OkHttpClient client;
    private final Connections connections;
    private final TokenForm form;
    private final LongSupplier nanoTime;

    /**
     * @param client with connections to this server
     * @param nanoTime a monotonic clock, nanoseconds
     */
    TokenServer(OkHttpClient client, Connections connections, TokenForm form, LongSupplier nanoTime) {
        this.client = client;
        this.connections = connections;
        this.form = form;
        this.nanoTime = nanoTime;
    }

    /** For errors: {@code token server}, and its origin. */
    String name() {
        return "token server " + form.origin();
    }

    /** Requests a token on this thread. Null: the wait was over before there was a result. */
    @Nullable
    TokenResult request(TokenWait wait) {
        Duration left = wait.left();
        Duration timeout = left.compareTo(LONGEST) < 0 ? left : LONGEST;
        if (timeout.toMillis() <= 0) { // zero would be no limit
            return null;
        }
        OkHttpClient.Builder bounded = client.newBuilder();
        connections.limit(bounded, timeout);
        Call call = bounded.build().newCall(form.request());
        wait.sends(call);
        long began = nanoTime.getAsLong();
        try (Response response = call.execute()) {
            return result(response, body(response, call), began);
        } catch (Exception e) {
            // RuntimeException, because the client throws some for answers; and InterruptedException, which the client
            // (it is Kotlin) throws undeclared
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return wait.isOver() ? null : failed(failure(e, timeout));
        }
    }

    private String failure(Exception e, Duration timeout) {
        return e instanceof RuntimeException ? "malformed answer" : CallFailure.describe(e, timeout, form::redact);
    }

    /** Null: it is too long. */
    private static byte @Nullable [] body(Response response, Call call) throws IOException {
        BufferedSource source = response.body().source();
        if (source.request(LIMIT + 1)) {
            call.cancel(); // closing it would read on
            return null;
        }
        return source.readByteArray();
    }

    private TokenResult result(Response response, byte @Nullable [] body, long began) {
        if (body == null) {
            return failed("answered " + response.code() + " and more than " + LIMIT / 1024 + " KB");
        }
        TokenJson json = TokenJson.parse(body);
        if (!response.isSuccessful()) {
            String redirects = response.isRedirect() ? ", redirects are not followed" : "";
            String error = json == null || json.error() == null ? "" : ": " + line(json.errorLine());
            return failed("answered " + response.code() + redirects + error);
        }
        if (json == null) {
            return failed("answered " + response.code() + " without a JSON object");
        }
        String value = json.accessToken();
        if (value == null || value.isEmpty()) {
            return failed("answered " + response.code() + " without an access_token");
        }
        if (!json.isBearer()) {
            return failed("granted a token of the type " + line(String.valueOf(json.tokenType())) + ", not Bearer");
        }
        if (!TokenJson.isLegal(value)) {
            return failed("granted a token that is longer than " + TokenJson.MAX_TOKEN
                    + " characters, or has characters that a header cannot carry");
        }
        long lifetime = json.lifetime().toNanos();
        long ahead = Math.min(TokenJson.LONGEST_AHEAD.toNanos(), lifetime / TokenJson.SHARE_AHEAD);
        return new TokenResult.Granted(new AccessToken(value, began + lifetime - ahead, began + lifetime));
    }

    private TokenResult failed(String why) {
        return new TokenResult.Failed(name() + ": " + why);
    }

    private String line(String text) {
        return Printable.oneLine(form.redact(text), MAX_ERROR);
    }
}
