package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** The body of a batch: a JSON array of envelopes, even for a single message. */
record EnvelopeBatch(EnvelopeFormat envelopes) implements SeveralFormat {
    @Override
    public Content content(List<RelayMessage> messages) {
        return envelopes.array(messages);
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return envelopes.mostBytes(message);
    }
}
