package io.mqttrelay.dispatch.sink.http;

import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the status line and headers of one call's answer. What follows them can make the client throw (a body where a
 * 204 has none, a {@code Retry-After} of twenty digits), and the callback has then answered all the same.
 */
final class AnswerHead extends EventListener {
    private volatile @Nullable Response response;

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        this.response = response;
    }

    /** Without its body; null: no final status line came. */
    @Nullable
    Response response() {
        return response;
    }
}
