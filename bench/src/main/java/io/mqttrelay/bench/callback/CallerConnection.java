package io.mqttrelay.bench.callback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The connection of one caller. Confined to the callback's thread. */
final class CallerConnection {
    private static final int FIRST_SIZE = 4096;

    interface Taker {
        /** Handles a complete request. */
        void take(Request request);
    }

    private final SocketChannel channel;
    private final Request request = new Request();
    private byte[] bytes = new byte[FIRST_SIZE];
    private int held; // bytes of an incomplete request

    CallerConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /** The bytes of the request that is being handled. */
    byte[] bytes() {
        return bytes;
    }

    /** Reads the available bytes and passes on each complete request. */
    void read(ByteBuffer shared, Taker taker) throws IOException {
        shared.clear();
        int count = channel.read(shared);
        if (count < 0) {
            channel.close();
            return;
        }
        hold(shared.flip(), count);
        int at = 0;
        while (at < held && request.parse(bytes, at, held)) {
            taker.take(request);
            at = request.end();
        }
        System.arraycopy(bytes, at, bytes, 0, held - at);
        held -= at;
    }

    private void hold(ByteBuffer received, int count) {
        if (held + count > bytes.length) {
            byte[] larger = new byte[Math.max(2 * bytes.length, held + count)];
            System.arraycopy(bytes, 0, larger, 0, held);
            bytes = larger;
        }
        received.get(bytes, held, count);
        held += count;
    }

    /**
     * Writes the answer: only a few bytes for a waiting caller, so the socket buffer has space. A caller that has
     * disconnected does not get it.
     */
    void answer(CannedAnswer answer) {
        try {
            channel.write(answer.bytes());
        } catch (IOException e) {
            return;
        }
    }
}
