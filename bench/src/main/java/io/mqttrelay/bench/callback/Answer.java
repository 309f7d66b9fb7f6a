package io.mqttrelay.bench.callback;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of a response, which can be written repeatedly. Confined to the callback's thread. */
final class Answer {
    static final Answer OK = empty("200 OK");
    static final Answer ERROR = empty("500 Internal Server Error");
    static final Answer NOT_FOUND = empty("404 Not Found");
    static final Answer DOWN = empty("503 Service Unavailable");

    private final ByteBuffer bytes;

    private Answer(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.US_ASCII);
        bytes = ByteBuffer.allocateDirect(encoded.length).put(encoded).flip();
    }

    private static Answer empty(String status) {
        return new Answer("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    }

    static Answer text(String body) {
        return new Answer("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    ByteBuffer bytes() {
        return bytes.rewind();
    }
}
