package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** A format of requests that carry a batch of messages each. A batch of one has the same form. */
interface SeveralFormat extends BodyFormat {
    @Override
    long batchBytes(RelayMessage message);

    @Override
    default void headers(List<RelayMessage> messages, MessageHeaders headers) {
        headers.plain("relay-batch-size", Integer.toString(messages.size()));
    }
}
