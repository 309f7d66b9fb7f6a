package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * The body of a batch: one payload a line, each line a JSON text that ends with a line feed. Stateless.
 *
 * @see <a href="https://github.com/ndjson/ndjson-spec">NDJSON</a>
 */
final class LinesBatch implements SeveralFormat {
    static final String TYPE = "application/x-ndjson";

    private static final int LINE_END = "\n".length();

    @Override
    public Content content(List<RelayMessage> messages) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(JsonBody.sizeOf(messages, LINE_END));
        for (RelayMessage message : messages) {
            PayloadValue.of(message.payload()).writeOnOneLine(body);
            body.write('\n');
        }
        return new Content(TYPE, body.toByteArray());
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return JsonSize.payload(message.payload()) + LINE_END;
    }
}
