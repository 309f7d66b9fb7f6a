package io.mqttrelay.dispatch.sink.http.net;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.time.Duration;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** The connections of all HTTP addresses: sockets, pools, DNS lookups and TLS. Any thread. */
public final class Connections implements AutoCloseable {
    /**
     * Shorter than any server's keep-alive in common use (2 s and more). A request on a connection that its server is
     * just closing fails, and failed attempts are counted, never hidden by a second request. Only a callback with less
     * than a message in this time pays for it, with a connection per message.
     */
    private static final Duration IDLE = Duration.ofMillis(1500);

    /** A busy connection never asks DNS again: after this time at most, a callback that moved is found. */
    private static final Duration CONNECTION_AGE = Duration.ofMinutes(5);

    /** The next address of a name is tried after this time: within the call's timeout. */
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(3);

    private static final int CONNECTS_IN_A_CALL = 3;

    private final Egress egress;
    private final Lookups lookups;
    private final ConnectionPools pools;

    /**
     * @param egress tells which addresses may be dialled
     * @param executors for the lookups of names, and for idle connections
     * @param dns asked on threads of {@code executors}
     */
    public Connections(Egress egress, GuardedExecutors executors, Dns dns) {
        this.egress = egress;
        this.lookups = new Lookups(dns, executors, System::nanoTime);
        this.pools = new ConnectionPools(IDLE, executors.timer("dispatch-connections"));
    }

    /**
     * Gives the client of one address connections of its own.
     *
     * @param url of the address
     * @throws UnusableAddressException if a TLS file cannot be used
     */
    public void apply(OkHttpClient.Builder client, HttpUrl url, Destination destination) {
        Server server =
                new Server(url, destination.display(), destination.request().tls());
        apply(client, server, destination.calls().maxInFlight());
        limit(client, destination.calls().timeout());
    }

    /**
     * A server that clients call.
     *
     * @param display its URL without secrets
     * @param tls for https
     */
    public record Server(HttpUrl url, String display, TlsSettings tls) {}

    /**
     * Gives the client of one server connections of its own. {@link #limit} has to follow.
     *
     * @param mostIdle connections without a call that are kept
     * @throws UnusableAddressException if a TLS file cannot be used
     */
    public void apply(OkHttpClient.Builder client, Server server, int mostIdle) {
        client.connectionPool(pools.pool(mostIdle))
                .socketFactory(new GuardedSockets(egress, server.url().host()))
                .addNetworkInterceptor(new ConnectionReuse(CONNECTION_AGE, System::nanoTime));
        if (server.url().isHttps()) {
            new RenewedTls(server.display(), server.tls()).apply(client);
        }
    }

    /** Bounds the calls of a client, with their lookups and connects. */
    public void limit(OkHttpClient.Builder client, Duration timeout) {
        client.callTimeout(timeout).connectTimeout(connectTimeout(timeout)).dns(lookups.within(timeout));
    }

    /**
     * Reads the TLS files of an address.
     *
     * @throws UnusableAddressException naming the file that cannot be used, and why
     */
    public static void checkTls(TlsSettings settings) {
        var unused = CallbackTls.of(settings);
    }

    private static Duration connectTimeout(Duration timeout) {
        Duration part = timeout.dividedBy(CONNECTS_IN_A_CALL);
        Duration bounded = part.compareTo(LONGEST_CONNECT) < 0 ? part : LONGEST_CONNECT;
        return bounded.toMillis() > 0 ? bounded : Duration.ofMillis(1); // zero would be no limit
    }

    /** Closes the connections without a call, and ends the lookups. */
    @Override
    public void close() {
        pools.close();
        lookups.close();
    }
}
