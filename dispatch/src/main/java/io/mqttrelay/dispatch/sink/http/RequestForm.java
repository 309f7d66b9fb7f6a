package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.format.BodyFormat;
import io.mqttrelay.dispatch.format.Content;
import io.mqttrelay.dispatch.format.HeaderText;
import io.mqttrelay.dispatch.format.MessageHeaders;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.time.Clock;
import java.util.List;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Makes the requests of one address, each for one message or several. The constant parts are made once. Any thread.
 *
 * @param display the address without its secrets
 * @param fixed headers that are the same in every request
 * @param method of HTTP
 */
record RequestForm(
        HttpUrl url,
        String display,
        Headers fixed,
        BodyFormat format,
        Signatures signatures,
        Clock clock,
        String method) {
    static final String POST = "POST";

    private static final byte[] NO_BODY = {};

    private static final String WEBHOOK_ID = "webhook-id";
    private static final String WEBHOOK_TIMESTAMP = "webhook-timestamp";
    static final String AUTHORIZATION = "authorization";
    static final String BEARER = "Bearer ";
    static final String WEBHOOK_SIGNATURE = "webhook-signature";

    static RequestForm of(Destination destination, Clock clock, String userAgent) {
        HttpUrl url = HttpUrl.parse(destination.address().url().toString());
        if (url == null) {
            throw new UnusableAddressException(destination.display() + ": not an http or https URL");
        }
        return new RequestForm(
                url.newBuilder().username("").password("").fragment(null).build(),
                destination.display(),
                FixedHeaders.of(destination, userAgent),
                BodyFormat.of(destination),
                Signatures.of(destination),
                clock,
                POST);
    }

    static String userAgent(String version) {
        return "mqtt-relay/" + HeaderText.RELAY.encode(version);
    }

    /**
     * Makes the request of one attempt, about to be sent.
     *
     * @param messages of one app and route; at least one, and more only if the format is for several
     * @param attempt from 1
     */
    Request.Builder request(List<RelayMessage> messages, int attempt) {
        RelayMessage first = messages.get(0);
        Content content = format.content(messages);
        String id = HeaderText.RELAY.encode(first.id());
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        boolean hasBody = !method.equals("GET");
        byte[] bytes = hasBody ? content.bytes() : NO_BODY;
        Headers.Builder all = fixed.newBuilder();
        MessageHeaders headers = new MessageHeaders(all::set);
        if (hasBody) {
            headers.plain("content-type", content.type());
        }
        headers.plain(WEBHOOK_ID, id).plain(WEBHOOK_TIMESTAMP, timestamp);
        if (signatures.any()) {
            headers.plain(WEBHOOK_SIGNATURE, signatures.sign(id, timestamp, bytes));
        }
        format.headers(messages, attempt, headers);
        headers.end();
        RequestBody body = hasBody ? new OneShotBody(bytes) : null;
        return new Request.Builder().url(url).headers(all.build()).method(method, body);
    }
}
