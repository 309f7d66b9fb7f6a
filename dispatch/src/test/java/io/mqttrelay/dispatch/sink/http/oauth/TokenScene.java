package io.mqttrelay.dispatch.sink.http.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.http.net.Connections;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/** Token sources, a clock for the lifetimes of tokens, and a token server on {@code /token}. */
final class TokenScene implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final String SECRET = "s3cret+with/odd chars";

    final CallbackServer server = CallbackServer.start();
    final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000); // it overflows soon
    private final AtomicInteger granted = new AtomicInteger();
    private final Connections connections;
    final TokenSources sources;

    TokenScene() {
        this(Egress.DEFAULT);
    }

    TokenScene(Egress egress) {
        connections = new Connections(egress, Samples.EXECUTORS, Dns.SYSTEM);
        OkHttpClient base = new OkHttpClient.Builder()
                .followRedirects(false)
                .retryOnConnectionFailure(false)
                .proxy(Proxy.NO_PROXY)
                .build();
        sources = new TokenSources(base, connections, Samples.EXECUTORS, "mqtt-relay/1", clock::get);
        server.on("/token", grants(3600));
    }

    /** Answers with a new token each time: {@code token-1}, {@code token-2}. */
    Answer grants(long expiresIn) {
        return exchange -> Answer.status(
                        200,
                        "{\"access_token\": \"token-" + granted.incrementAndGet()
                                + "\", \"token_type\": \"Bearer\", \"expires_in\": " + expiresIn + "}")
                .give(exchange);
    }

    OAuth2 settings(String secret, OAuth2.Auth auth) {
        return new OAuth2(URI.create(server.url("/token")), "client 1", new Secret(secret), "a b", null, auth);
    }

    TokenSource source() {
        return source(settings(SECRET, OAuth2.Auth.BASIC));
    }

    TokenSource source(OAuth2 settings) {
        return source(settings, Duration.ofSeconds(10));
    }

    TokenSource source(OAuth2 settings, Duration timeout) {
        return sources.of(settings, TlsSettings.JVM_DEFAULT, timeout);
    }

    static TokenWait wait(Duration timeout) {
        return new TokenWait(System::nanoTime, timeout);
    }

    static AccessToken granted(TokenResult result) {
        assertThat(result).isInstanceOf(TokenResult.Granted.class);
        return ((TokenResult.Granted) result).token();
    }

    static AccessToken token(TokenSource source) {
        return granted(source.token(wait(PATIENCE)));
    }

    static String text(TokenSource source) {
        return token(source).reveal();
    }

    static String error(TokenSource source, Duration timeout) {
        TokenResult result = source.token(wait(timeout));
        assertThat(result).isInstanceOf(TokenResult.Failed.class);
        return ((TokenResult.Failed) result).error();
    }

    String error(Answer answer) {
        server.on("/token", answer);
        return error(source(), PATIENCE);
    }

    int requests() {
        return server.requests("/token").size();
    }

    void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Override
    public void close() {
        sources.close();
        connections.close();
        server.close();
    }
}
