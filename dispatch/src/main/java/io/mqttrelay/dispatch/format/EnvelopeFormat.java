package io.mqttrelay.dispatch.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body {@code {"header": {...}, "body": ...}}. */
final class EnvelopeFormat implements SingleFormat {
    /** More than most headers take. */
    private static final int HEADER_SIZE = 512;

    // names, encoded once
    private static final SerializableString HEADER = new SerializedString("header");
    private static final SerializableString ID = new SerializedString("id");
    private static final SerializableString APP_ID = new SerializedString("app_id");
    private static final SerializableString APP_NAME = new SerializedString("app_name");
    private static final SerializableString CLIENT_ID = new SerializedString("client_id");
    private static final SerializableString TOPIC = new SerializedString("topic");
    private static final SerializableString QOS = new SerializedString("qos");
    private static final SerializableString RETAIN = new SerializedString("retain");
    private static final SerializableString RECEIVED_AT = new SerializedString("received_at");
    private static final SerializableString CONTENT_TYPE = new SerializedString("content_type");
    private static final SerializableString USER_PROPERTIES = new SerializedString("user_properties");
    private static final SerializableString NAME = new SerializedString("name");
    private static final SerializableString VALUE = new SerializedString("value");
    private static final SerializableString ENCODING = new SerializedString("encoding");
    private static final SerializableString BODY = new SerializedString("body");

    private final SerializableString appName;

    EnvelopeFormat(String appName) {
        this.appName = new SerializedString(appName);
    }

    @Override
    public Content content(RelayMessage message) {
        int size = JsonBody.sizeOf(List.of(message), HEADER_SIZE);
        return JsonBody.write(Content.JSON, size, (json, out) -> write(message, json, out));
    }

    /** Makes an array of the messages' envelopes. */
    Content array(List<RelayMessage> messages) {
        return JsonBody.write(Content.JSON, JsonBody.sizeOf(messages, HEADER_SIZE), (json, out) -> {
            json.writeStartArray();
            for (RelayMessage message : messages) {
                write(message, json, out);
            }
            json.writeEndArray();
        });
    }

    private void write(RelayMessage message, JsonGenerator json, ByteArrayOutputStream out) throws IOException {
        PayloadValue body = PayloadValue.of(message.payload());
        json.writeStartObject();
        writeHeader(json, message, body.isBase64());
        json.writeFieldName(BODY);
        body.write(json, out);
        json.writeEndObject();
    }

    /** Largest number of bytes that the message takes in an array of envelopes. */
    long mostBytes(RelayMessage message) {
        return EnvelopeSize.most(message, appName.getValue());
    }

    private void writeHeader(JsonGenerator json, RelayMessage message, boolean base64) throws IOException {
        json.writeFieldName(HEADER);
        json.writeStartObject();
        write(json, ID, message.id());
        write(json, APP_ID, message.appId());
        json.writeFieldName(APP_NAME);
        json.writeString(appName);
        write(json, CLIENT_ID, message.clientId());
        write(json, TOPIC, message.topic());
        json.writeFieldName(QOS);
        json.writeNumber(message.qos());
        json.writeFieldName(RETAIN);
        json.writeBoolean(message.retain());
        write(json, RECEIVED_AT, UtcTime.text(Instant.ofEpochMilli(message.receivedAt())));
        write(json, CONTENT_TYPE, message.contentType());
        json.writeFieldName(USER_PROPERTIES);
        json.writeStartArray();
        for (UserProperty property : message.userProperties()) {
            json.writeStartObject();
            write(json, NAME, property.name());
            write(json, VALUE, property.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (base64) {
            write(json, ENCODING, "base64");
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, SerializableString name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        json.writeString(value);
    }
}
