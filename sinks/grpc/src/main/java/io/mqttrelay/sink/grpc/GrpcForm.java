package io.mqttrelay.sink.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.dispatch.format.BodyFormat;
import io.mqttrelay.dispatch.format.Content;
import io.mqttrelay.dispatch.format.HeaderText;
import io.mqttrelay.dispatch.format.MessageHeaders;
import io.mqttrelay.dispatch.sink.http.Signatures;
import io.mqttrelay.dispatch.template.MessageShape;
import io.mqttrelay.dispatch.template.Shaped;
import io.mqttrelay.proto.v1.DeliverBatchRequest;
import io.mqttrelay.proto.v1.DeliverRequest;
import io.mqttrelay.proto.v1.Message;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the requests of one address, each for one message or several. The constant parts are made once. Any thread.
 *
 * @param fixed metadata that is the same in every request; the relay's own replaces it
 * @param shape of the address's template; null: it has none
 * @param isBatch whether the method for several messages is called, also for one message
 */
record GrpcForm(
        Map<String, String> fixed,
        String appName,
        BodyFormat format,
        @Nullable MessageShape shape,
        boolean isBatch,
        Signatures signatures,
        Clock clock) {
    static final String SERVICE = "mqttrelay.v1.Receiver";

    /** More than the tags, lengths, numbers and times of a message take. */
    private static final int FIXED_BYTES = 160;

    /** More than the tags and lengths of a user property take. */
    private static final int PROPERTY_BYTES = 16;

    /** More than a signature takes in text. */
    private static final int SIGNATURE_BYTES = 96;

    /** Of a character in UTF-8, where a surrogate pair has two. */
    private static final int MOST_BYTES_OF_CHAR = 3;

    private static final int MILLIS = 1_000;
    private static final int NANOS_OF_MILLI = 1_000_000;

    /** The request of an attempt, or the reason why there is none. */
    sealed interface Attempt {}

    /**
     * One request.
     *
     * @param metadata in the order in which it is shown to people
     * @param messages as they are in the body
     */
    record Request(Map<String, String> metadata, List<Message> messages) implements Attempt {}

    /**
     * Nothing is sent, because the template fails on a message.
     *
     * @param why for people
     */
    record NoRequest(Shaped.Unshaped why) implements Attempt {}

    static GrpcForm of(Destination destination, Clock clock) {
        Map<String, String> fixed = new LinkedHashMap<>();
        destination
                .request()
                .headers()
                .forEach((name, value) -> fixed.put(name.toLowerCase(Locale.ROOT), value.reveal()));
        Template template = destination.request().template();
        String appName = destination.owner().appName();
        return new GrpcForm(
                fixed,
                appName,
                BodyFormat.single(destination),
                template == null ? null : MessageShape.of(template, appName),
                destination.request().batch() != null,
                Signatures.of(destination),
                clock);
    }

    /** The method that is called, without the service. */
    String method() {
        return isBatch ? "DeliverBatch" : "Deliver";
    }

    /**
     * Makes the request of one attempt, about to be sent.
     *
     * @param messages of one app and route; at least one, and more only if the route has batches
     * @param attempt from 1
     */
    Attempt request(List<RelayMessage> messages, int attempt) {
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        List<Message> body = new ArrayList<>(messages.size());
        for (RelayMessage message : messages) {
            Shaped shaped = shape == null ? null : shape.shape(message);
            if (shaped instanceof Shaped.Unshaped why) {
                return new NoRequest(why);
            }
            Content content = shaped instanceof Shaped.Parts parts ? parts.content() : format.content(List.of(message));
            body.add(message(message, content, attempt, timestamp));
        }
        Map<String, String> metadata = new LinkedHashMap<>(fixed);
        MessageHeaders headers = new MessageHeaders(metadata::put)
                .plain("webhook-id", idOf(messages.get(0)))
                .plain("webhook-timestamp", timestamp);
        if (isBatch) {
            RelayMessage first = messages.get(0);
            headers.text("relay-app-id", first.appId())
                    .text("relay-client-id", first.clientId())
                    .plain("relay-batch-size", Integer.toString(messages.size()))
                    .plain("relay-attempt", Integer.toString(attempt));
        } else {
            if (signatures.any()) {
                headers.plain("webhook-signature", body.get(0).getWebhookSignature());
            }
            format.headers(messages, attempt, headers);
        }
        headers.end();
        return new Request(metadata, body);
    }

    /** The body of a request. */
    MessageLite body(Request request) {
        return isBatch
                ? DeliverBatchRequest.newBuilder()
                        .addAllMessages(request.messages())
                        .build()
                : DeliverRequest.newBuilder()
                        .setMessage(request.messages().get(0))
                        .build();
    }

    private static String idOf(RelayMessage message) {
        return HeaderText.RELAY.encode(message.id());
    }

    private Message message(RelayMessage message, Content content, int attempt, String timestamp) {
        Message.Builder builder = Message.newBuilder()
                .setId(message.id())
                .setAppId(message.appId())
                .setAppName(appName)
                .setClientId(message.clientId())
                .setTopic(message.topic())
                .setQos(message.qos())
                .setRetain(message.retain())
                .setReceivedAt(time(message.receivedAt()))
                .setContentType(content.type())
                .setAttempt(attempt)
                .setPayload(ByteString.copyFrom(content.bytes()));
        if (signatures.any()) {
            builder.setWebhookSignature(signatures.sign(idOf(message), timestamp, content.bytes()));
        }
        for (UserProperty property : message.userProperties()) {
            builder.addUserProperties(io.mqttrelay.proto.v1.UserProperty.newBuilder()
                    .setName(property.name())
                    .setValue(property.value()));
        }
        String responseTopic = message.responseTopic();
        if (responseTopic != null) {
            builder.setResponseTopic(responseTopic);
        }
        byte[] correlationData = message.correlationData();
        if (correlationData != null) {
            builder.setCorrelationData(ByteString.copyFrom(correlationData));
        }
        Long expiresAt = message.expiresAt();
        if (expiresAt != null) {
            builder.setExpiresAt(time(expiresAt));
        }
        return builder.build();
    }

    private static Timestamp time(long epochMillis) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(epochMillis, MILLIS))
                .setNanos(Math.floorMod(epochMillis, MILLIS) * NANOS_OF_MILLI)
                .build();
    }

    /** Largest number of bytes that the message takes in the request. */
    long batchBytes(RelayMessage message) {
        long size = FIXED_BYTES
                + (long) signatures.count() * SIGNATURE_BYTES
                + text(message.id())
                + text(message.appId())
                + text(appName)
                + text(message.clientId())
                + text(message.topic())
                + text(message.contentType())
                + text(message.responseTopic())
                + format.batchBytes(message);
        byte[] correlationData = message.correlationData();
        size += correlationData == null ? 0 : correlationData.length;
        for (UserProperty property : message.userProperties()) {
            size += PROPERTY_BYTES + text(property.name()) + text(property.value());
        }
        return size;
    }

    private static long text(@Nullable String text) {
        return text == null ? 0 : (long) MOST_BYTES_OF_CHAR * text.length();
    }
}
