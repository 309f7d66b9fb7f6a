package io.mqttrelay.dispatch.sink.http.net;

import io.mqttrelay.common.egress.Egress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Makes sockets that dial only addresses that the egress policy allows. This is the last place before the network, so
 * no spelling of an address and no answer of a name server gets around it.
 */
public final class GuardedSockets extends SocketFactory {
    private final Egress egress;
    private final String host;

    /** @param host of the address's URL */
    public GuardedSockets(Egress egress, String host) {
        this.egress = egress;
        this.host = host;
    }

    @Override
    public Socket createSocket() {
        return new GuardedSocket();
    }

    @Override
    public Socket createSocket(String name, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(String name, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    private static SocketException unconnectedOnly() {
        return new SocketException("only sockets that are still to be connected");
    }

    private final class GuardedSocket extends Socket {
        GuardedSocket() {
            super(Proxy.NO_PROXY); // with one of the JVM's (socksProxyHost), the proxy would choose the dialled address
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            if (!(endpoint instanceof InetSocketAddress inet) || inet.getAddress() == null) {
                throw new EgressDeniedException("an address that is not known cannot be checked by the egress policy");
            }
            String denied = egress.whyDenied(host, inet.getAddress());
            if (denied != null) {
                throw new EgressDeniedException(denied);
            }
            super.connect(new InetSocketAddress(Egress.dialled(inet.getAddress()), inet.getPort()), timeout);
            // the last piece of a body written in several must not wait for the acknowledgement of those before it
            setTcpNoDelay(true);
        }
    }
}
