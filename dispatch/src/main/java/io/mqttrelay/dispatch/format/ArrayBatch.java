package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** The body of a batch: a JSON array of the payloads, without envelopes. Stateless. */
final class ArrayBatch implements SeveralFormat {
    @Override
    public Content content(List<RelayMessage> messages) {
        return JsonBody.write(Content.JSON, JsonBody.sizeOf(messages, 1), (json, out) -> {
            json.writeStartArray();
            for (RelayMessage message : messages) {
                PayloadValue.of(message.payload()).write(json, out);
            }
            json.writeEndArray();
        });
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return JsonSize.payload(message.payload()) + "[]".length();
    }
}
