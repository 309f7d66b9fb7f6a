package io.mqttrelay.testkit.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection of a {@link CountingCallback}, on its thread. */
final class CountingConnection {
    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_SIZE = 4096;

    private final SocketChannel channel;
    private ByteBuffer in = ByteBuffer.allocate(FIRST_SIZE); // unread bytes are between 0 and position

    CountingConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /** Reads the available bytes and passes on the body of each complete request. */
    void read(CountingCallback.Receiver bodies) throws IOException {
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocate(2 * in.capacity()).put(in.flip());
        }
        if (channel.read(in) < 0) {
            channel.close();
            return;
        }
        in.flip();
        while (next(bodies)) {
            // continue with the next request
        }
        in.compact();
    }

    private boolean next(CountingCallback.Receiver bodies) {
        int body = bodyStart();
        if (body < 0) {
            return false;
        }
        int end = body + contentLength(body);
        if (end > in.limit()) {
            return false;
        }
        bodies.received(in.slice(body, end - body));
        in.position(end);
        return true;
    }

    /** The index behind the first empty line; -1: not received yet. */
    private int bodyStart() {
        for (int at = in.position() + 3; at < in.limit(); at++) {
            if (in.get(at) == '\n' && in.get(at - 1) == '\r' && in.get(at - 2) == '\n') {
                return at + 1;
            }
        }
        return -1;
    }

    private int contentLength(int body) {
        String head = new String(in.array(), in.position(), body - in.position(), StandardCharsets.ISO_8859_1);
        String name = "\r\ncontent-length:";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            throw new IllegalStateException("a request without Content-Length");
        }
        at += name.length();
        return Integer.parseInt(head.substring(at, head.indexOf('\r', at)).trim());
    }

    /** Answers. A caller that has disconnected does not get the answer. */
    void answer() {
        try {
            channel.write(ByteBuffer.wrap(OK)); // only a few bytes for a waiting caller, so the socket buffer has space
        } catch (IOException e) {
            return; // the caller disconnected
        }
    }
}
