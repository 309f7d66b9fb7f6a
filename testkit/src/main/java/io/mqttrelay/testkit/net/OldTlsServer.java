package io.mqttrelay.testkit.net;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on loopback that supports no TLS newer than 1.1, and records the clients' reaction. The handshake ends
 * there, because JVMs no longer support such versions.
 */
public final class OldTlsServer implements AutoCloseable {
    private static final int HANDSHAKE = 22;
    private static final byte[] IN_CLEAR = {0};
    private static final byte[] NOTHING = {};

    /** A ServerHello: TLS 1.1, a random number, no session, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, no compression. */
    private static final byte[] SERVER_HELLO = serverHello();

    private final ServerSocket listening;
    private final List<byte[]> said = new CopyOnWriteArrayList<>();

    public OldTlsServer() {
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "old-tls-server");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listening.getLocalPort();
    }

    /**
     * The bytes that each client sent from the ServerHello until it closed; a single 0: the client did not start with
     * TLS.
     */
    public List<byte[]> said() {
        return List.copyOf(said);
    }

    private void serve() {
        while (!listening.isClosed()) {
            try (Socket client = listening.accept()) {
                client.setSoTimeout(5000);
                said.add(answer(client));
            } catch (IOException e) {
                said.add(NOTHING); // the connection or the server was closed
            }
        }
    }

    private static byte[] answer(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        if (in.readUnsignedByte() != HANDSHAKE) {
            return IN_CLEAR;
        }
        in.readUnsignedShort();
        in.readNBytes(in.readUnsignedShort());
        client.getOutputStream().write(SERVER_HELLO);
        return in.readAllBytes();
    }

    private static byte[] serverHello() {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.writeBytes(new byte[] {HANDSHAKE, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2});
        hello.writeBytes(new byte[32]);
        hello.writeBytes(new byte[] {0, (byte) 0xc0, 0x13, 0});
        return hello.toByteArray();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
