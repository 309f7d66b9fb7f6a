package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.template.Shaped;

/** The call of a message that the template cannot shape: sends nothing. */
record UnshapedCall(Shaped.Unshaped why) implements SinkCall {
    @Override
    public SinkResult execute() {
        return new SinkResult.Unshaped(why.error(), why.again());
    }

    @Override
    public void cancel() {
        // nothing is in flight
    }
}
