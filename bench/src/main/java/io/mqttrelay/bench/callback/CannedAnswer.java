package io.mqttrelay.bench.callback;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of a response, which can be written repeatedly. Confined to the callback's thread. */
final class CannedAnswer {
    static final CannedAnswer OK = empty("200 OK");
    static final CannedAnswer ERROR = empty("500 Internal Server Error");
    static final CannedAnswer NOT_FOUND = empty("404 Not Found");
    static final CannedAnswer DOWN = empty("503 Service Unavailable");

    private final ByteBuffer bytes;

    private CannedAnswer(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.US_ASCII);
        bytes = ByteBuffer.allocateDirect(encoded.length).put(encoded).flip();
    }

    private static CannedAnswer empty(String status) {
        return new CannedAnswer("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    }

    static CannedAnswer text(String body) {
        return new CannedAnswer("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    ByteBuffer bytes() {
        return bytes.rewind();
    }
}
