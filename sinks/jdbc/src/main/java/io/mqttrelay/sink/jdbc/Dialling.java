package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.egress.Egress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one connection to a database, from its first dial to its end. Any thread.
 *
 * <p>A driver makes its socket factory by the name of its class, so that nothing can be handed over to it. {@link
 * #connect} therefore leaves this object with the thread that connects, and {@link CheckedSockets} takes it from there.
 * A socket that is made on any other thread is refused.
 */
final class Dialling {
    private static final ThreadLocal<@Nullable Dialling> ON_THIS_THREAD = new ThreadLocal<>();

    private final Egress egress;
    private final List<Socket> sockets = new ArrayList<>(); // guarded by this
    private boolean isAborted; // guarded by this

    Dialling(Egress egress) {
        this.egress = egress;
    }

    /** The connection that this thread makes at present; null: none. */
    static @Nullable Dialling current() {
        return ON_THIS_THREAD.get();
    }

    /** Connects on this thread; the sockets made meanwhile belong to this connection. */
    <T> T connect(Callable<T> driver) throws Exception {
        ON_THIS_THREAD.set(this);
        try {
            return driver.call();
        } finally {
            ON_THIS_THREAD.remove();
        }
    }

    /** The reason why an address must not be dialled; null: it may. */
    @Nullable
    String whyDenied(String host, InetAddress address) {
        return egress.whyDenied(host, address);
    }

    synchronized void add(Socket socket) throws IOException {
        if (isAborted) {
            socket.close();
            throw new IOException("the connection was ended");
        }
        sockets.add(socket);
    }

    /**
     * Closes the sockets below TLS and below the driver: reads and writes on them end at once, on every thread. The
     * server gets no word of it, as at a cut cable.
     */
    synchronized void abort() {
        isAborted = true;
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // the socket is of no use in any case
            }
        }
    }
}
