package io.mqttrelay.dispatch.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A payload as a JSON value: JSON is embedded byte by byte, so that numbers, the order of keys and repeated keys survive.
 * Other text is a string, and other bytes are a string in Base64.
 *
 * @param payload must not be changed
 * @param text the payload as a string; null: it is JSON, or no UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // used once, never compared
record PayloadValue(
        byte[] payload, boolean isJson, @Nullable String text) {
    static PayloadValue of(byte[] payload) {
        boolean isJson = JsonCheck.isJson(payload);
        return new PayloadValue(payload, isJson, isJson ? null : utf8(payload));
    }

    boolean isBase64() {
        return !isJson && text == null;
    }

    /**
     * Writes the value.
     *
     * @param out the stream that {@code json} writes to
     */
    void write(JsonGenerator json, ByteArrayOutputStream out) throws IOException {
        if (isJson) {
            writeRaw(payload, json, out);
        } else {
            json.writeString(string());
        }
    }

    /**
     * Writes bytes that are JSON.
     *
     * @param out the stream that {@code json} writes to
     */
    static void writeRaw(byte[] value, JsonGenerator json, ByteArrayOutputStream out) throws IOException {
        // the empty raw value makes the generator write the colon or comma before the bytes are written past it
        json.writeRawValue("");
        json.flush();
        out.writeBytes(value);
    }

    /** Writes the value without line ends. Between JSON's tokens they mean nothing; inside a string they are escaped. */
    void writeOnOneLine(ByteArrayOutputStream out) {
        if (isJson) {
            int from = 0;
            for (int at = 0; at < payload.length; at++) {
                if (payload[at] == '\n' || payload[at] == '\r') {
                    out.write(payload, from, at - from);
                    from = at + 1;
                }
            }
            out.write(payload, from, payload.length - from);
        } else {
            out.write('"');
            out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(string()));
            out.write('"');
        }
    }

    private String string() {
        return text != null ? text : Base64.getEncoder().encodeToString(payload);
    }

    /** Decodes UTF-8. Null: the bytes are no UTF-8. */
    static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
