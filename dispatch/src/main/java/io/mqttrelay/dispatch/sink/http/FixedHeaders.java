package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.util.Map;
import okhttp3.Headers;

/**
 * The headers of every request to an address: those of the operator, and the constant ones of the relay. If both name
 * one, the relay's wins.
 */
final class FixedHeaders {

    private FixedHeaders() {}

    static Headers of(Destination destination, String userAgent) {
        Headers.Builder headers = new Headers.Builder();
        for (Map.Entry<String, Secret> header : destination.request().headers().entrySet()) {
            add(headers, destination, header.getKey(), header.getValue().reveal());
        }
        headers.set("user-agent", userAgent);
        // an answer is dropped unread: compressing it would only be work
        headers.set("accept-encoding", "identity");
        return headers.build();
    }

    private static void add(Headers.Builder headers, Destination destination, String name, String value) {
        try {
            headers.set(name, value);
        } catch (IllegalArgumentException e) {
            // the library's message quotes the value
            throw new UnusableAddressException(destination.display() + ": the header " + Printable.oneLine(name, 100)
                    + " has a character that HTTP does not allow in its name or value");
        }
    }
}
