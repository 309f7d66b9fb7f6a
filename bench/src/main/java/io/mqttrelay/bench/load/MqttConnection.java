package io.mqttrelay.bench.load;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A minimal MQTT 3.1.1 client of a device that publishes with QoS 1. It does little work, so that the load does not
 * take CPU from the measured process.
 */
final class MqttConnection implements AutoCloseable {
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int PUBLISH_QOS_1 = 0x32;
    private static final int PUBACK = 0x40;
    private static final int CLEAN_SESSION = 0x02;
    private static final int LEVEL = 4;
    private static final int KEEP_ALIVE_SECONDS = 600;
    private static final int BUFFER = 64 * 1024;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    MqttConnection(int port, String clientId) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        out.write(CONNECT);
        writeLength(10 + 2 + id.length);
        writeText("MQTT".getBytes(StandardCharsets.US_ASCII));
        out.write(LEVEL);
        out.write(CLEAN_SESSION);
        writeShort(KEEP_ALIVE_SECONDS);
        writeText(id);
        out.flush();
        if (in.readUnsignedByte() != CONNACK || in.readUnsignedByte() != 2 || in.readUnsignedShort() != 0) {
            throw new IOException("the MQTT broker refuses the publisher");
        }
    }

    /** Starts to publish; the message is sent at {@link #flush} at the latest. */
    void publish(byte[] topic, int packetId, byte[] payload) throws IOException {
        out.write(PUBLISH_QOS_1);
        writeLength(2 + topic.length + 2 + payload.length);
        writeText(topic);
        writeShort(packetId);
        out.write(payload);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Waits for one acknowledgement. */
    void readAcknowledgement() throws IOException {
        if (in.readUnsignedByte() != PUBACK || in.readUnsignedByte() != 2) {
            throw new IOException("not an acknowledgement");
        }
        in.readUnsignedShort();
    }

    private void writeText(byte[] text) throws IOException {
        writeShort(text.length);
        out.write(text);
    }

    private void writeShort(int number) throws IOException {
        out.write(number >>> 8);
        out.write(number);
    }

    /** Writes a length as in MQTT 3.1.1, section 2.2.3: seven bits a byte, the lowest first. */
    private void writeLength(int length) throws IOException {
        int rest = length;
        while (rest > 0x7F) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
