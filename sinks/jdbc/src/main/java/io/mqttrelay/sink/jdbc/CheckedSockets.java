package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.egress.Egress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/**
 * Makes the sockets of both drivers, which dial only addresses that the egress policy allows: the last place before the
 * network, for every host of a URL and every address of a name. Public because drivers make it by its name.
 */
public final class CheckedSockets extends SocketFactory {
    private final Dialling dialling;

    /**
     * Called by a driver while {@link Dialling#connect} runs on this thread.
     *
     * @throws IllegalStateException at any other time: an unchecked connection is never made
     */
    public CheckedSockets() {
        Dialling current = Dialling.current();
        if (current == null) {
            throw new IllegalStateException("a driver tried to connect outside of the pool");
        }
        this.dialling = current;
    }

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new CheckedSocket();
        dialling.add(socket);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    private static SocketException unconnectedOnly() {
        return new SocketException("only sockets that are still to be connected");
    }

    /** The egress policy denies an address. The message says why. */
    static final class DeniedException extends IOException {
        private static final long serialVersionUID = 1L;

        DeniedException(String message) {
            super(message);
        }
    }

    private final class CheckedSocket extends Socket {
        CheckedSocket() {
            super(Proxy.NO_PROXY); // a proxy of the JVM would choose the dialled address
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            if (!(endpoint instanceof InetSocketAddress inet)) {
                throw new DeniedException("an address that is not known cannot be checked by the egress policy");
            }
            InetAddress address = inet.getAddress();
            if (address == null) {
                throw new UnknownHostException(inet.getHostString());
            }
            String denied = dialling.whyDenied(inet.getHostString(), address);
            if (denied != null) {
                throw new DeniedException(denied);
            }
            super.connect(new InetSocketAddress(Egress.dialled(address), inet.getPort()), timeout);
        }
    }
}
