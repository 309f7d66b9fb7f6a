package io.mqttrelay.dispatch.sink.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * {@code {"header": {...}, "body": ...}}. A payload that is JSON is embedded as its bytes are, so that numbers, the
 * order of keys and repeated keys survive.
 */
final class EnvelopeFormat implements SingleFormat {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    /** More than most headers take. */
    static final int HEADER_SIZE = 512;

    private final String appName;

    EnvelopeFormat(String appName) {
        this.appName = appName;
    }

    @Override
    public Content content(RelayMessage message) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(message.payload().length + HEADER_SIZE);
        write(message, body);
        return new Content(Content.JSON, body.toByteArray());
    }

    /** Appends the message's envelope. */
    void write(RelayMessage message, ByteArrayOutputStream out) {
        byte[] payload = message.payload();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            boolean isJson = JsonText.isJson(payload);
            String text = isJson ? null : utf8(payload);
            json.writeStartObject();
            writeHeader(json, message, !isJson && text == null);
            json.writeFieldName("body");
            if (isJson) {
                // an empty raw value makes the generator write the colon before the payload passes it by
                json.writeRawValue("");
                json.flush();
                out.writeBytes(payload);
            } else {
                json.writeString(text != null ? text : Base64.getEncoder().encodeToString(payload));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    /** The most bytes that the message takes in an array of envelopes. */
    long mostBytes(RelayMessage message) {
        return EnvelopeSize.most(message, appName);
    }

    private void writeHeader(JsonGenerator json, RelayMessage message, boolean base64) throws IOException {
        json.writeObjectFieldStart("header");
        json.writeStringField("id", message.id());
        json.writeStringField("app_id", message.appId());
        json.writeStringField("app_name", appName);
        json.writeStringField("client_id", message.clientId());
        json.writeStringField("topic", message.topic());
        json.writeNumberField("qos", message.qos());
        json.writeBooleanField("retain", message.retain());
        json.writeStringField("received_at", UtcTime.text(Instant.ofEpochMilli(message.receivedAt())));
        json.writeStringField("content_type", message.contentType());
        json.writeArrayFieldStart("user_properties");
        for (UserProperty property : message.userProperties()) {
            json.writeStartObject();
            json.writeStringField("name", property.name());
            json.writeStringField("value", property.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (base64) {
            json.writeStringField("encoding", "base64");
        }
        json.writeEndObject();
    }

    /** Null: not UTF-8. */
    private static @Nullable String utf8(byte[] bytes) {
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
