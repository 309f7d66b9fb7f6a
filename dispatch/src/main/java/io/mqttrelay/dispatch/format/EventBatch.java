package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/**
 * The body of a batch: CloudEvents 1.0 over HTTP in batched mode, a JSON array of events. Stateless.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">HTTP
 *     Protocol Binding, section 3.3</a>
 */
final class EventBatch implements SeveralFormat {
    static final String TYPE = "application/cloudevents-batch+json";

    @Override
    public Content content(List<RelayMessage> messages) {
        int size = JsonBody.sizeOf(messages, StructuredFormat.ATTRIBUTES_SIZE);
        return JsonBody.write(TYPE, size, (json, out) -> {
            json.writeStartArray();
            for (RelayMessage message : messages) {
                StructuredEvent.write(message, json, out);
            }
            json.writeEndArray();
        });
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return StructuredEvent.mostBytes(message);
    }
}
