package io.mqttrelay.dispatch.sink.http.oauth;

import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * The token request of one client.
 *
 * @param secrets texts to hide in answers
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, section 4.4</a>
 */
record TokenForm(HttpUrl url, Request request, List<String> secrets) {
    private static final String HIDDEN = "***";

    /**
     * Makes the request.
     *
     * @param userAgent a legal header value
     * @throws UnusableAddressException if the URL is no http or https URL
     */
    static TokenForm of(OAuth2 settings, String userAgent) {
        HttpUrl url = HttpUrl.parse(settings.tokenUrl().toString());
        if (url == null) {
            throw new UnusableAddressException("token_url is not an http or https URL");
        }
        String secret = settings.clientSecret().reveal();
        String login = Credentials.basic(encoded(settings.clientId()), encoded(secret));
        FormBody.Builder form = new FormBody.Builder().add("grant_type", "client_credentials");
        if (settings.scope() != null) {
            form.add("scope", settings.scope());
        }
        if (settings.audience() != null) {
            form.add("audience", settings.audience());
        }
        Request.Builder request =
                new Request.Builder().url(url).header("user-agent", userAgent).header("accept", "application/json");
        switch (settings.auth()) {
            case BASIC -> request.header("authorization", login);
            case POST -> form.add("client_id", settings.clientId()).add("client_secret", secret);
        }
        List<String> secrets = Stream.of(secret, encoded(secret), login.substring(login.indexOf(' ') + 1))
                .filter(text -> !text.isEmpty())
                .sorted(Comparator.comparingInt(String::length).reversed()) // the whole before its parts
                .toList();
        return new TokenForm(url, request.post(form.build()).build(), secrets);
    }

    /** As RFC 6749, section 2.3.1, demands. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Scheme, host and port. */
    String origin() {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        boolean isDefault = url.port() == HttpUrl.defaultPort(url.scheme());
        return url.scheme() + "://" + host + (isDefault ? "" : ":" + url.port());
    }

    /** Hides the secrets in a text of the token server. */
    String redact(String text) {
        String safe = text;
        for (String secret : secrets) {
            safe = safe.replace(secret, HIDDEN);
        }
        return safe;
    }

    /** Without the request, which has the secret. */
    @Override
    public String toString() {
        return origin();
    }
}
