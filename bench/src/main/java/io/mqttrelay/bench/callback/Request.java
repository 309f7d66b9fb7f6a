package io.mqttrelay.bench.callback;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The positions of one HTTP/1.1 request's parts in the received bytes. One instance is reused, so that nothing is
 * allocated.
 */
final class Request {
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[0];
    private int start;
    private int bodyStart;
    private int end;

    /** Parses the request that begins at {@code from}; false: it is not complete yet. */
    boolean parse(byte[] received, int from, int to) {
        bytes = received;
        start = from;
        int length = 0;
        int line = from;
        for (int at = from; at < to; at++) {
            if (received[at] != '\n') {
                continue;
            }
            if (at - line <= 1) { // an empty line: the body follows
                bodyStart = at + 1;
                end = bodyStart + length;
                return end <= to;
            }
            if ((received[line] | 0x20) == 'c' && isContentLength(line)) {
                length = number(line + CONTENT_LENGTH.length);
            }
            line = at + 1;
        }
        return false;
    }

    private boolean isContentLength(int line) {
        for (int i = 0; i < CONTENT_LENGTH.length; i++) {
            byte c = bytes[line + i];
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != CONTENT_LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    private int number(int from) {
        int number = 0;
        for (int at = from; bytes[at] != '\r' && bytes[at] != '\n'; at++) {
            if (bytes[at] != ' ') {
                number = 10 * number + bytes[at] - '0';
            }
        }
        return number;
    }

    boolean isPost() {
        return bytes[start] == 'P';
    }

    /** The first letter of a POST's path. */
    char pathOfPost() {
        return (char) bytes[start + "POST /".length()];
    }

    /** The path and query of a GET. */
    String target() {
        String head = new String(bytes, start, bodyStart - start, StandardCharsets.US_ASCII);
        return head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
    }

    /** The query of {@link #target}. */
    Map<String, String> query() {
        String target = target();
        Map<String, String> query = new HashMap<>();
        for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return query;
    }

    int bodyStart() {
        return bodyStart;
    }

    /** The index behind the last byte. */
    int end() {
        return end;
    }
}
