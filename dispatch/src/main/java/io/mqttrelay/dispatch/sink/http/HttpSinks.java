package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import io.mqttrelay.dispatch.sink.http.net.Connections;
import io.mqttrelay.dispatch.sink.http.oauth.TokenSource;
import io.mqttrelay.dispatch.sink.http.oauth.TokenSources;
import java.net.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Makes the HTTP sinks of one process and owns their shared resources. An attempt is exactly one request on the wire:
 * the client follows no redirect, repeats nothing, and answers no authentication challenge.
 *
 * <p>Calls block the thread that makes them; the caller limits the number of concurrent calls. Any thread.
 */
final class HttpSinks implements SinkFactory {
    private final Clock clock;
    private final String userAgent;
    private final Connections connections;
    private final OkHttpClient base;
    private final TokenSources tokens;

    /**
     * @param clock for {@code webhook-timestamp} and dates in {@code Retry-After}
     * @param version of the product, for {@code user-agent}
     * @param egress tells which addresses may be dialled
     * @param executors for the lookups of names, and for idle connections
     */
    HttpSinks(Clock clock, String version, Egress egress, GuardedExecutors executors) {
        this(clock, version, egress, executors, Dns.SYSTEM);
    }

    HttpSinks(Clock clock, String version, Egress egress, GuardedExecutors executors, Dns dns) {
        this.clock = clock;
        this.userAgent = RequestForm.userAgent(version);
        this.connections = new Connections(egress, executors, dns);
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
        this.tokens = new TokenSources(base, connections, executors, userAgent, System::nanoTime);
    }

    private static EventListener answerHead(okhttp3.Call call) {
        return Objects.requireNonNull(call.request().tag(AnswerHead.class));
    }

    /**
     * Makes the sink of one destination, with its own connections.
     *
     * @throws UnusableAddressException if the address cannot be called as configured: a PEM file, a header, a secret
     */
    @Override
    public Sink sink(Destination destination) {
        RequestForm form = RequestForm.of(destination, clock, userAgent);
        Destination.Calls calls = destination.calls();
        OkHttpClient.Builder client = base.newBuilder();
        connections.apply(client, form.url(), destination);
        AnswerTable answers = AnswerTable.of(destination, clock);
        ShapedRequest shaped = ShapedRequest.of(destination);
        return new HttpSink(client.build(), form, shaped, answers, calls.timeout(), tokens(destination));
    }

    private @Nullable TokenSource tokens(Destination destination) {
        OAuth2 login = destination.request().oauth2();
        return login == null
                ? null
                : tokens.of(
                        login, destination.request().tls(), destination.calls().timeout());
    }

    /** Ends the calls in flight and closes the connections. */
    @Override
    public void close() {
        base.dispatcher().cancelAll();
        base.dispatcher().executorService().shutdown();
        tokens.close();
        connections.close();
    }
}
