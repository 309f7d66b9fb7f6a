package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.sink.Sink;
import java.net.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/**
 * Makes the HTTP sinks of one process and owns what they share. An attempt is exactly one request on the wire: nothing
 * is redirected, repeated or authenticated behind the back of the one who counts attempts.
 *
 * <p>Calls block the thread that makes them; the number of concurrent calls is the caller's to bound. Safe for any
 * thread.
 */
public final class HttpSinks implements AutoCloseable {
    /**
     * Shorter than any server's keep-alive in common use (2 s and more): a request on a connection that its server is
     * just closing fails, and failed attempts are counted, never hidden by a second request. Only a callback with less
     * than a message in this time pays for it, with a connection per message.
     */
    private static final Duration IDLE = Duration.ofMillis(1500);

    /** A busy connection never asks DNS again: this is how soon a callback that moved is found. */
    private static final Duration CONNECTION_AGE = Duration.ofMinutes(5);

    /** Finds a dead HTTP/2 connection, on which every call would otherwise wait for its timeout. */
    private static final Duration PING = Duration.ofSeconds(30);

    private final Clock clock;
    private final String userAgent;
    private final Lookups lookups;
    private final Egress egress;
    private final OkHttpClient base;
    private final ConnectionPools pools = new ConnectionPools(IDLE);

    /**
     * @param clock for {@code webhook-timestamp} and dates in {@code Retry-After}
     * @param version of the product, for {@code user-agent}
     * @param egress which addresses may be dialled
     */
    public HttpSinks(Clock clock, String version, Egress egress) {
        this(clock, version, egress, Dns.SYSTEM);
    }

    HttpSinks(Clock clock, String version, Egress egress, Dns dns) {
        this.egress = egress;
        this.clock = clock;
        this.userAgent = RequestForm.userAgent(version);
        this.lookups = new Lookups(dns);
        this.base = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .proxy(Proxy.NO_PROXY)
                .pingInterval(PING)
                // the call timeout bounds the whole; each of these would cost a timer per read
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .addNetworkInterceptor(new NegativeLength())
                .eventListenerFactory(HttpSinks::answerHead)
                .build();
    }

    private static EventListener answerHead(okhttp3.Call call) {
        return Objects.requireNonNull(call.request().tag(AnswerHead.class));
    }

    /**
     * The sink of one address of a route, with connections of its own.
     *
     * @throws UnusableAddressException if the address cannot be called as configured: a PEM file, a header, a secret
     */
    public Sink sink(Route route, Address address) {
        RequestForm form = RequestForm.of(route, address, clock, userAgent);
        OkHttpClient.Builder client = base.newBuilder()
                .callTimeout(route.timeout())
                .dns(lookups.within(route.timeout()))
                .connectionPool(pools.pool(route.maxInFlight()))
                .socketFactory(new GuardedSockets(egress, form.url().host()))
                .addNetworkInterceptor(new ConnectionAge(CONNECTION_AGE, System::nanoTime));
        if (form.url().isHttps()) {
            new RenewedTls(address.display(), address.tls()).apply(client);
        }
        AnswerTable answers = new AnswerTable(route.rejectOn(), clock, Redaction.of(address));
        return new HttpSink(client.build(), form, answers, route.timeout());
    }

    /** Ends the calls in flight and closes the connections. */
    @Override
    public void close() {
        base.dispatcher().cancelAll();
        pools.close();
        base.dispatcher().executorService().shutdown();
        lookups.close();
    }
}
