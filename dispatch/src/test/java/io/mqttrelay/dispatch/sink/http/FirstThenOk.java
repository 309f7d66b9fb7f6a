package io.mqttrelay.dispatch.sink.http;

import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;

/** Answers once as told and then 200: a hidden second request would succeed. */
final class FirstThenOk extends Dispatcher {
    private final MockResponse first;
    private final AtomicBoolean answered = new AtomicBoolean();

    FirstThenOk(MockResponse first) {
        this.first = first;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        return answered.compareAndSet(false, true) ? first : new MockResponse.Builder().build();
    }
}
