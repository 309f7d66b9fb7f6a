package io.mqttrelay.dispatch.sink.http;

import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the status line and headers of one call's answer. The rest of the answer can make the client throw, such as a
 * body of a 204, or a {@code Retry-After} of twenty digits. The callback has answered even so.
 */
final class AnswerHead extends EventListener {
    private volatile @Nullable Response response;

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        this.response = response;
    }

    /** The answer without its body; null: no final status line came. */
    @Nullable
    Response response() {
        return response;
    }
}
