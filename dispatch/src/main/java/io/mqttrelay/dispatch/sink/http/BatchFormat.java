package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.record.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** A JSON array of envelopes, also of one. */
record BatchFormat(EnvelopeFormat envelopes) implements BodyFormat {
    @Override
    public Content content(List<RelayMessage> messages) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(size(messages));
        char before = '[';
        for (RelayMessage message : messages) {
            body.write(before);
            envelopes.write(message, body);
            before = ',';
        }
        body.write(']');
        return new Content(Content.JSON, body.toByteArray());
    }

    private static int size(List<RelayMessage> messages) {
        long size = 2;
        for (RelayMessage message : messages) {
            size += EnvelopeFormat.HEADER_SIZE + message.payload().length;
        }
        return (int) Math.min(size, Integer.MAX_VALUE / 2);
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
