package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.sink.Sink;
import java.net.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/**
 * Makes the HTTP sinks of one process and owns their shared resources. An attempt is exactly one request on the wire:
 * the client follows no redirect, repeats nothing, and answers no authentication challenge.
 *
 * <p>Calls block the thread that makes them; the caller limits the number of concurrent calls. Any thread.
 */
public final class HttpSinks implements AutoCloseable {
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

    private final Clock clock;
    private final String userAgent;
    private final Lookups lookups;
    private final Egress egress;
    private final OkHttpClient base;
    private final ConnectionPools pools;

    /**
     * @param clock for {@code webhook-timestamp} and dates in {@code Retry-After}
     * @param version of the product, for {@code user-agent}
     * @param egress tells which addresses may be dialled
     * @param executors for the lookups of names, and for idle connections
     */
    public HttpSinks(Clock clock, String version, Egress egress, GuardedExecutors executors) {
        this(clock, version, egress, executors, Dns.SYSTEM);
    }

    HttpSinks(Clock clock, String version, Egress egress, GuardedExecutors executors, Dns dns) {
        this.egress = egress;
        this.clock = clock;
        this.userAgent = RequestForm.userAgent(version);
        this.lookups = new Lookups(dns, executors, System::nanoTime);
        this.pools = new ConnectionPools(IDLE, executors.timer("dispatch-connections"));
        this.base = new OkHttpClient.Builder()
                // with HTTP/2 the call timeout does not end a call whose request is not read (decision 100)
                .protocols(List.of(Protocol.HTTP_1_1))
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .proxy(Proxy.NO_PROXY)
                // otherwise each connect, to each address of a name, uses a platform thread of the client (decision
                // 067)
                .fastFallback(false)
                // the call timeout bounds the whole call; each of these would cost a timer per read
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
     * Makes the sink of one address of a route, with its own connections.
     *
     * @throws UnusableAddressException if the address cannot be called as configured: a PEM file, a header, a secret
     */
    public Sink sink(Route route, Address address) {
        RequestForm form = RequestForm.of(route, address, clock, userAgent);
        OkHttpClient.Builder client = base.newBuilder()
                .callTimeout(route.timeout())
                .connectTimeout(connectTimeout(route.timeout()))
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

    private static Duration connectTimeout(Duration timeout) {
        Duration part = timeout.dividedBy(CONNECTS_IN_A_CALL);
        Duration bounded = part.compareTo(LONGEST_CONNECT) < 0 ? part : LONGEST_CONNECT;
        return bounded.toMillis() > 0 ? bounded : Duration.ofMillis(1); // zero would be no limit
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
