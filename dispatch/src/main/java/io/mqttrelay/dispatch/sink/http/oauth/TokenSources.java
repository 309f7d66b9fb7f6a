package io.mqttrelay.dispatch.sink.http.oauth;

import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import io.mqttrelay.dispatch.sink.http.net.Connections;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The token sources of one process: one for each different settings, as long as a sink refers to it. So a reload with
 * another secret begins with a new token, and one without a change keeps the token. Any thread.
 */
public final class TokenSources implements AutoCloseable {
    /** For the renewals of all tokens: a renewal that waits for a thread costs no call anything. */
    private static final int THREADS = 4;

    private final OkHttpClient base;
    private final Connections connections;
    private final ExecutorService renewals;
    private final String userAgent;
    private final LongSupplier nanoTime;
    private final Map<Key, WeakReference<TokenSource>> sources = new HashMap<>(); // guarded by this

    /**
     * Settings that sinks share a token for. A call without a token requests it within its own timeout, so that an address
     * with a short timeout could otherwise fail the requests of another.
     */
    private record Key(OAuth2 settings, TlsSettings tls, Duration timeout) {}

    /**
     * @param base its settings are those of all HTTP clients of the process
     * @param executors for renewals
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public TokenSources(
            OkHttpClient base,
            Connections connections,
            GuardedExecutors executors,
            String userAgent,
            LongSupplier nanoTime) {
        this.base = base;
        this.connections = connections;
        this.renewals = executors.pool("dispatch-oauth2", THREADS);
        this.userAgent = userAgent;
        this.nanoTime = nanoTime;
    }

    /**
     * The source of tokens for these settings. Connects to nothing yet.
     *
     * @param tls of the connection to the token server
     * @param timeout of the calls that need the token
     * @throws UnusableAddressException if a TLS file cannot be used
     */
    public synchronized TokenSource of(OAuth2 settings, TlsSettings tls, Duration timeout) {
        sources.values().removeIf(each -> each.get() == null);
        Key key = new Key(settings, tls, timeout);
        WeakReference<TokenSource> known = sources.get(key);
        @Nullable TokenSource source = known == null ? null : known.get();
        if (source == null) {
            source = source(settings, tls);
            sources.put(key, new WeakReference<>(source));
        }
        return source;
    }

    private TokenSource source(OAuth2 settings, TlsSettings tls) {
        TokenForm form = TokenForm.of(settings, userAgent);
        OkHttpClient.Builder client = base.newBuilder().eventListenerFactory(call -> EventListener.NONE);
        connections.apply(client, new Connections.Server(form.url(), form.origin(), tls), 1);
        return new TokenSource(new TokenServer(client.build(), connections, form, nanoTime), renewals, nanoTime);
    }

    /** Ends the renewals. */
    @Override
    public void close() {
        renewals.shutdownNow();
    }
}
