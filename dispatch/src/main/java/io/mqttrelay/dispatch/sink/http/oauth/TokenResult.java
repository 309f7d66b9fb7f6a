package io.mqttrelay.dispatch.sink.http.oauth;

/** The result of asking for a token. */
public sealed interface TokenResult {
    /** There is a token. */
    record Granted(AccessToken token) implements TokenResult {}

    /**
     * There is no token now.
     *
     * @param error one line for people, no secrets
     */
    record Failed(String error) implements TokenResult {}
}
