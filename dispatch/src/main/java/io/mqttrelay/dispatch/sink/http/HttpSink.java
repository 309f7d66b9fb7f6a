package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;

/**
 * The sink of one HTTP address.
 *
 * @param timeout of a whole call, for the error that reports a timeout
 */
record HttpSink(OkHttpClient client, RequestForm form, AnswerTable answers, Duration timeout) implements Sink {
    @Override
    public SinkCall call(List<RelayMessage> messages, int attempt) {
        return new HttpCall(this, messages, attempt);
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return form.format().batchBytes(message);
    }
}
