package io.mqttrelay.dispatch.sink.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The user info of a URL as HTTP Basic credentials (RFC 7617, in UTF-8). */
final class BasicCredentials {
    private BasicCredentials() {}

    /** The value of {@code Authorization}; null: the URL names no user. */
    static @Nullable String header(HttpUrl url) {
        return url.username().isEmpty() && url.password().isEmpty() ? null : "Basic " + token(url);
    }

    static String token(HttpUrl url) {
        byte[] pair = (url.username() + ":" + url.password()).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(pair);
    }
}
