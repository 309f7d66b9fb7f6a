package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/**
 * CloudEvents 1.0 over HTTP in structured mode: the event, with its attributes and the payload, is the body in JSON.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">HTTP
 *     Protocol Binding, section 3.2</a>
 */
final class StructuredFormat implements SingleFormat {
    static final String TYPE = "application/cloudevents+json";

    /** More than most attributes take. */
    static final int ATTRIBUTES_SIZE = 384;

    @Override
    public Content content(RelayMessage message) {
        int size = JsonBody.sizeOf(List.of(message), ATTRIBUTES_SIZE);
        return JsonBody.write(TYPE, size, (json, out) -> StructuredEvent.write(message, json, out));
    }
}
