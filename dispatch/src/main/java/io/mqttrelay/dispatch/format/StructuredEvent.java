package io.mqttrelay.dispatch.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.mqttrelay.common.record.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message as a CloudEvent in the JSON format: {@code data} is the payload if the receiver gets the same bytes back from
 * it, else {@code data_base64}. An empty payload is an event without data.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">JSON Event Format,
 *     section 3.1</a>
 */
final class StructuredEvent {
    /** Names and punctuation, and the longest values of those that are not texts. */
    private static final int FIXED = ("{\"specversion\":\"1.0\",\"type\":\"mqtt.message\",\"source\":,\"id\":,\"time\":"
                    + "\"+292278994-08-17T07:12:55.807Z\",\"subject\":,\"datacontenttype\":\"application/octet-stream\","
                    + "\"data_base64\":},")
            .length();

    private static final Pattern JSON_TYPE =
            Pattern.compile("[^/]+/(?:json|[^;\\s]+\\+json)\\s*(?:;.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHARSET = Pattern.compile(";\\s*charset=\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

    // names, encoded once
    private static final SerializableString SPEC_VERSION = new SerializedString("specversion");
    private static final SerializableString TYPE = new SerializedString("type");
    private static final SerializableString SOURCE = new SerializedString("source");
    private static final SerializableString ID = new SerializedString("id");
    private static final SerializableString TIME = new SerializedString("time");
    private static final SerializableString SUBJECT = new SerializedString("subject");
    private static final SerializableString DATA_CONTENT_TYPE = new SerializedString("datacontenttype");
    private static final SerializableString DATA = new SerializedString("data");
    private static final SerializableString DATA_BASE64 = new SerializedString("data_base64");

    private StructuredEvent() {}

    /** @param out the stream that {@code json} writes to */
    static void write(RelayMessage message, JsonGenerator json, ByteArrayOutputStream out) throws IOException {
        json.writeStartObject();
        write(json, SPEC_VERSION, CloudEventsFormat.SPEC_VERSION);
        write(json, TYPE, CloudEventsFormat.TYPE);
        write(json, SOURCE, CloudEventsFormat.source(message.clientId()));
        write(json, ID, message.id());
        write(json, TIME, UtcTime.text(Instant.ofEpochMilli(message.receivedAt())));
        write(json, SUBJECT, message.topic());
        writeData(message, json, out);
        json.writeEndObject();
    }

    private static void writeData(RelayMessage message, JsonGenerator json, ByteArrayOutputStream out)
            throws IOException {
        byte[] payload = message.payload();
        String declared = CloudEventsFormat.dataContentType(RawFormat.declared(message));
        if (payload.length == 0) {
            if (declared != null) {
                write(json, DATA_CONTENT_TYPE, declared);
            }
            return;
        }
        PayloadValue value = PayloadValue.of(payload);
        String type = declared != null ? declared : value.isJson() ? Content.JSON : Content.BINARY;
        write(json, DATA_CONTENT_TYPE, type);
        boolean declaresJson = JSON_TYPE.matcher(type).matches();
        String text = declaresJson || !isUtf8(type) ? null : PayloadValue.utf8(payload);
        if (declaresJson && value.isJson()) {
            json.writeFieldName(DATA);
            PayloadValue.writeRaw(payload, json, out);
        } else if (text != null) {
            write(json, DATA, text);
        } else {
            write(json, DATA_BASE64, Base64.getEncoder().encodeToString(payload));
        }
    }

    /** Whether a text of this type has the bytes of UTF-8, as far as the type tells. */
    private static boolean isUtf8(String type) {
        Matcher charset = CHARSET.matcher(type);
        if (!charset.find()) {
            return true;
        }
        String name = charset.group(1).toLowerCase(Locale.ROOT);
        return name.equals("utf-8") || name.equals("us-ascii");
    }

    private static void write(JsonGenerator json, SerializableString name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        json.writeString(value);
    }

    /** Largest number of bytes, including the separator between events of a batch. */
    static long mostBytes(RelayMessage message) {
        byte[] payload = message.payload();
        return FIXED
                + JsonSize.text(CloudEventsFormat.source(message.clientId()))
                + JsonSize.text(message.id())
                + JsonSize.text(message.topic())
                + JsonSize.text(RawFormat.declared(message))
                + Math.max(JsonSize.payload(payload), JsonSize.text("") + JsonSize.base64(payload))
                + "[]".length();
    }
}
