package io.mqttrelay.sink.grpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.UnshapedMessageException;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import io.mqttrelay.dispatch.sink.http.net.RenewedTls;
import io.mqttrelay.proto.v1.Message;
import io.mqttrelay.proto.v1.UserProperty;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Previews calls: made by the code of real calls, with the address's secrets hidden, and with the message in the JSON
 * form of Protocol Buffers. Uses no network.
 */
final class GrpcPreview {
    private static final String HIDDEN = "***";

    private GrpcPreview() {}

    /**
     * Makes the request of the first attempt.
     *
     * @throws UnusableAddressException if the address cannot be called as configured
     * @throws UnshapedMessageException if the template fails on the message
     */
    static RequestPreview of(Destination destination, RelayMessage message, PreviewContext context) {
        GrpcForm form = GrpcForm.of(destination, context.clock());
        if (destination.address().url().getScheme().equalsIgnoreCase("grpcs")) {
            var unused =
                    new RenewedTls(destination.display(), destination.request().tls());
        }
        GrpcForm.Attempt made = form.request(List.of(message), 1);
        if (made instanceof GrpcForm.NoRequest none) {
            throw new UnshapedMessageException(none.why().error());
        }
        GrpcForm.Request request = (GrpcForm.Request) made;
        Set<String> secret = form.fixed().keySet();
        List<String> lines = new ArrayList<>();
        request.metadata().forEach((name, value) -> lines.add(name + ": " + (secret.contains(name) ? HIDDEN : value)));
        return new RequestPreview(
                GrpcForm.SERVICE + "/" + form.method(), destination.address().display(), lines, json(form, request));
    }

    private static byte[] json(GrpcForm form, GrpcForm.Request request) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(body)) {
            json.writeStartObject();
            if (form.isBatch()) {
                json.writeArrayFieldStart("messages");
            } else {
                json.writeFieldName("message");
            }
            for (Message message : request.messages()) {
                write(json, message);
            }
            if (form.isBatch()) {
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return body.toByteArray();
    }

    private static void write(JsonGenerator json, Message message) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", message.getId());
        json.writeStringField("appId", message.getAppId());
        json.writeStringField("appName", message.getAppName());
        json.writeStringField("clientId", message.getClientId());
        json.writeStringField("topic", message.getTopic());
        json.writeNumberField("qos", message.getQos());
        json.writeBooleanField("retain", message.getRetain());
        json.writeStringField("receivedAt", time(message.getReceivedAt()));
        json.writeStringField("contentType", message.getContentType());
        if (message.getUserPropertiesCount() > 0) {
            json.writeArrayFieldStart("userProperties");
            for (UserProperty property : message.getUserPropertiesList()) {
                json.writeStartObject();
                json.writeStringField("name", property.getName());
                json.writeStringField("value", property.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (message.hasResponseTopic()) {
            json.writeStringField("responseTopic", message.getResponseTopic());
        }
        if (message.hasCorrelationData()) {
            json.writeStringField("correlationData", base64(message.getCorrelationData()));
        }
        if (message.hasExpiresAt()) {
            json.writeStringField("expiresAt", time(message.getExpiresAt()));
        }
        json.writeNumberField("attempt", message.getAttempt());
        json.writeStringField("payload", base64(message.getPayload()));
        if (!message.getWebhookSignature().isEmpty()) {
            json.writeStringField("webhookSignature", message.getWebhookSignature());
        }
        json.writeEndObject();
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
    }
}
