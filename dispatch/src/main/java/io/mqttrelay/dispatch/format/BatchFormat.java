package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** The body of a batch: a JSON array of envelopes, even for a single message. */
record BatchFormat(EnvelopeFormat envelopes) implements BodyFormat {
    @Override
    public Content content(List<RelayMessage> messages) {
        return envelopes.array(messages);
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return envelopes.mostBytes(message);
    }

    @Override
    public void headers(List<RelayMessage> messages, MessageHeaders headers) {
        headers.plain("relay-batch-size", Integer.toString(messages.size()));
    }
}
