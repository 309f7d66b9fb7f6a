package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.http.oauth.TokenSource;
import io.mqttrelay.dispatch.template.Shaped;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The sink of one HTTP address.
 *
 * @param shaped null: the address has no template
 * @param timeout of a whole call, for the error that reports a timeout
 * @param tokens null: without OAuth2
 */
record HttpSink(
        OkHttpClient client,
        RequestForm form,
        @Nullable ShapedRequest shaped,
        AnswerTable answers,
        Duration timeout,
        @Nullable TokenSource tokens)
        implements Sink {
    @Override
    public SinkCall call(List<RelayMessage> messages, int attempt) {
        if (shaped == null) {
            return new HttpCall(this, messages, attempt);
        }
        Shaped shape = shaped.shape(messages.get(0));
        if (shape instanceof Shaped.Parts parts) {
            HttpSink sink = new HttpSink(client, shaped.form(form, parts), null, answers, timeout, tokens);
            return new HttpCall(sink, messages, attempt);
        }
        return new UnshapedCall((Shaped.Unshaped) shape);
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return form.format().batchBytes(message);
    }
}
