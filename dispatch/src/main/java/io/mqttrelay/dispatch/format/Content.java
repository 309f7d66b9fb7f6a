package io.mqttrelay.dispatch.format;

/**
 * A request's body.
 *
 * @param type a legal header value
 * @param bytes must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record Content(String type, byte[] bytes) {
    public static final String JSON = "application/json";
    static final String BINARY = "application/octet-stream";
    public static final String TEXT = "text/plain; charset=utf-8";
}
