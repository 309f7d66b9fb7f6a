package io.mqttrelay.testkit.mqtt;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends invalid PUBLISH packets, which MQTT clients do not send, to a broker on loopback. */
public final class RawPublisher implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final byte PUBREC = 0x50;
    private static final byte PUBREL = 0x62;
    private static final byte[] NAME = "raw".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final DataInputStream in;

    /** Connects with MQTT 5. */
    public RawPublisher(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            in = new DataInputStream(socket.getInputStream());
            byte[] connect = {0x10, 16, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 0, 0, 3, NAME[0], NAME[1], NAME[2]};
            socket.getOutputStream().write(connect);
            answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a packet and waits for the broker's answer. For QoS 0 it sends a ping as well and waits for that answer.
     */
    public void send(byte[] packet) {
        try {
            socket.getOutputStream().write(packet);
            if ((packet[0] & 6) == 0) {
                socket.getOutputStream().write(new byte[] {(byte) 0xC0, 0});
            }
            byte[] answer = answer();
            if (answer[0] == PUBREC) {
                socket.getOutputStream().write(new byte[] {PUBREL, 2, answer[2], answer[3]});
                answer();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] answer() throws IOException {
        byte type = in.readByte();
        byte[] answer = new byte[2 + in.readByte()];
        answer[0] = type;
        in.readFully(answer, 2, answer.length - 2);
        return answer;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
