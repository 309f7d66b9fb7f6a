package io.mqttrelay.dispatch.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.mqttrelay.common.record.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes bodies in JSON. */
final class JsonBody {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private JsonBody() {}

    /** Writes one value. */
    interface Writing {
        /**
         * Writes it.
         *
         * @param out the stream that {@code json} writes to
         */
        void to(JsonGenerator json, ByteArrayOutputStream out) throws IOException;
    }

    /**
     * Writes a body.
     *
     * @param type of the content
     * @param size expected, bytes
     */
    static Content write(String type, int size, Writing writing) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(size);
        try (JsonGenerator json = JSON.createGenerator(body)) {
            writing.to(json, body);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return new Content(type, body.toByteArray());
    }

    /**
     * Estimates the size of a batch.
     *
     * @param more bytes of each message beside its payload
     */
    static int sizeOf(List<RelayMessage> messages, int more) {
        long size = 2;
        for (RelayMessage message : messages) {
            size += more + message.payload().length;
        }
        return (int) Math.min(size, Integer.MAX_VALUE / 2);
    }
}
