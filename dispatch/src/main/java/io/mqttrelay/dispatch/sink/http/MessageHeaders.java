package io.mqttrelay.dispatch.sink.http;

import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;

/** Collects one request's headers: names come from the relay, values from messages are encoded. */
final class MessageHeaders {
    private final Headers.Builder headers;
    private final List<String> cut = new ArrayList<>(0);

    MessageHeaders(Headers fixed) {
        this.headers = fixed.newBuilder();
    }

    /** Adds a legal header value. */
    MessageHeaders plain(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /** Adds any text. */
    MessageHeaders text(String name, String text) {
        return encoded(HeaderText.RELAY, name, text);
    }

    /** Adds an attribute of a CloudEvent. */
    MessageHeaders attribute(String name, String text) {
        return encoded(HeaderText.CLOUD_EVENTS, name, text);
    }

    private MessageHeaders encoded(HeaderText form, String name, String text) {
        String value = form.encode(text);
        if (value.length() > form.maxLength()) {
            value = form.cut(text);
            cut.add(name);
        }
        return plain(name, value);
    }

    /** Returns the headers; one more header names those that were cut because they were too long. */
    Headers build() {
        if (!cut.isEmpty()) {
            plain("relay-truncated", String.join(" ", cut));
        }
        return headers.build();
    }
}
