package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RelayMessage;
import java.time.Clock;
import java.time.Instant;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * The request that one address gets for a message. What is the same in all of them is made once. Safe for any thread.
 *
 * @param display the address without its secrets
 * @param fixed headers that are the same in every request
 */
record RequestForm(HttpUrl url, String display, Headers fixed, BodyFormat format, Signatures signatures, Clock clock) {
    private static final String WEBHOOK_ID = "webhook-id";
    private static final String WEBHOOK_TIMESTAMP = "webhook-timestamp";
    static final String WEBHOOK_SIGNATURE = "webhook-signature";

    static RequestForm of(Route route, Address address, Clock clock, String userAgent) {
        HttpUrl url = HttpUrl.parse(address.url().toString());
        if (url == null) {
            throw new UnusableAddressException(address.display() + ": not an http or https URL");
        }
        return new RequestForm(
                url.newBuilder().username("").password("").fragment(null).build(),
                address.display(),
                FixedHeaders.of(address, userAgent),
                BodyFormat.of(route),
                Signatures.of(address),
                clock);
    }

    static String userAgent(String version) {
        return "mqtt-relay/" + HeaderText.encode(version);
    }

    /**
     * The request of one attempt, about to be sent.
     *
     * @param attempt from 1
     */
    Request.Builder request(RelayMessage message, int attempt) {
        Content content = format.content(message);
        String id = HeaderText.encode(message.id());
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        MessageHeaders headers = new MessageHeaders(fixed)
                .plain("content-type", content.type())
                .plain(WEBHOOK_ID, id)
                .plain(WEBHOOK_TIMESTAMP, timestamp);
        if (signatures.any()) {
            headers.plain(WEBHOOK_SIGNATURE, signatures.sign(id, timestamp, content.bytes()));
        }
        headers.text("relay-app-id", message.appId())
                .text("relay-client-id", message.clientId())
                .text("relay-topic", message.topic())
                .plain("relay-qos", Integer.toString(message.qos()))
                .plain("relay-retain", Boolean.toString(message.retain()))
                .plain("relay-received-at", UtcTime.text(Instant.ofEpochMilli(message.receivedAt())))
                .plain("relay-attempt", Integer.toString(attempt));
        return new Request.Builder().url(url).headers(headers.build()).post(new OneShotBody(content.bytes()));
    }
}
