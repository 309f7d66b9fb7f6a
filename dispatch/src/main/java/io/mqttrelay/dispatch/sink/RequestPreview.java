package io.mqttrelay.dispatch.sink;

import java.util.List;

/**
 * The request that an address would get for a message, for people, with the address's secrets hidden.
 *
 * @param action the operation in the terms of the protocol, such as {@code POST}
 * @param destination where it goes, such as a URL
 * @param headers as they would be sent, {@code name: value}
 * @param body must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record RequestPreview(String action, String destination, List<String> headers, byte[] body) {
    public RequestPreview {
        headers = List.copyOf(headers);
    }
}
