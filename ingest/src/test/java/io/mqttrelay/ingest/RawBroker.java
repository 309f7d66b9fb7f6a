package io.mqttrelay.ingest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An MQTT broker that grants one filter of QoS 1 and then sends the test's bytes over each new connection until they
 * are acknowledged.
 */
final class RawBroker implements AutoCloseable {
    private static final int CONNECT = 1;
    private static final int PUBACK = 4;
    private static final int SUBSCRIBE = 8;
    private static final int PINGREQ = 12;
    private static final long PATIENCE_SECONDS = 30;

    private final ServerSocket server;
    private final boolean mqtt5;
    private final List<byte[]> publishes;
    private final BlockingQueue<Integer> acknowledged = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();

    private RawBroker(ServerSocket server, boolean mqtt5, List<byte[]> publishes) {
        this.server = server;
        this.mqtt5 = mqtt5;
        this.publishes = publishes;
    }

    /** A broker that sends these packets after SUBACK. */
    static RawBroker sending(boolean mqtt5, List<byte[]> publishes) {
        try {
            RawBroker broker =
                    new RawBroker(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), mqtt5, publishes);
            Thread thread = new Thread(broker::serve, "raw-broker");
            thread.setDaemon(true);
            thread.start();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** The packet identifiers of the first {@code count} PUBACKs, in their order. */
    List<Integer> acknowledged(int count) throws InterruptedException {
        List<Integer> identifiers = new ArrayList<>();
        while (identifiers.size() < count) {
            Integer next = acknowledged.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("acknowledged: " + identifiers);
            }
            identifiers.add(next);
        }
        return identifiers;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                connections.incrementAndGet();
                serve(socket);
            } catch (IOException e) {
                // the connection or the test has ended
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int type = in.readUnsignedByte() >> 4;
            byte[] body = new byte[length(in)];
            in.readFully(body);
            byte[] answer = answer(type, body);
            socket.getOutputStream().write(answer);
        }
    }

    private byte[] answer(int type, byte[] body) {
        return switch (type) {
            case CONNECT -> mqtt5 ? new byte[] {0x20, 3, 0, 0, 0} : new byte[] {0x20, 2, 0, 0};
            case SUBSCRIBE -> subscribed(body);
            case PUBACK -> {
                acknowledged.add(((body[0] & 0xFF) << 8) | (body[1] & 0xFF));
                yield new byte[0];
            }
            case PINGREQ -> new byte[] {(byte) 0xD0, 0};
            default -> new byte[0];
        };
    }

    private byte[] subscribed(byte[] subscribe) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] suback = mqtt5
                ? new byte[] {(byte) 0x90, 4, subscribe[0], subscribe[1], 0, 1}
                : new byte[] {(byte) 0x90, 3, subscribe[0], subscribe[1], 1};
        answer.writeBytes(suback);
        publishes.forEach(answer::writeBytes);
        return answer.toByteArray();
    }

    private static int length(DataInputStream in) throws IOException {
        int length = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            length |= (next & 0x7F) << shift;
            shift += 7;
        } while (next > 0x7F);
        return length;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
