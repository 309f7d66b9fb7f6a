package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.SecretPath;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.UnshapedMessageException;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import io.mqttrelay.dispatch.sink.http.net.Connections;
import io.mqttrelay.dispatch.template.Shaped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** Previews requests to callbacks: made by the code of real requests, with the address's secrets hidden. Uses no network. */
final class HttpPreview {
    private static final String HIDDEN = "***";

    private HttpPreview() {}

    /**
     * Makes the request of the first attempt.
     *
     * @throws UnusableAddressException if the address cannot be called as configured
     */
    static RequestPreview of(Destination destination, RelayMessage message, PreviewContext context) {
        RequestForm usual = RequestForm.of(destination, context.clock(), RequestForm.userAgent(context.version()));
        Request request = request(shaped(usual, destination, message), destination, message);
        byte[] body = request.body() instanceof OneShotBody sent ? sent.bytes() : new byte[0];
        if (usual.url().isHttps()) {
            Connections.checkTls(destination.request().tls());
        }
        return new RequestPreview(
                request.method(),
                url(request.url(), usual.url(), destination.address()),
                headers(request, destination, body.length),
                body);
    }

    /** With OAuth2, the request has the header that a token would be in. */
    private static Request request(RequestForm form, Destination destination, RelayMessage message) {
        Request.Builder request = form.request(List.of(message), 1);
        if (destination.request().oauth2() != null) {
            request.header(RequestForm.AUTHORIZATION, HIDDEN);
        }
        return request.build();
    }

    private static RequestForm shaped(RequestForm usual, Destination destination, RelayMessage message) {
        ShapedRequest shaped = ShapedRequest.of(destination);
        if (shaped == null) {
            return usual;
        }
        Shaped shape = shaped.shape(message);
        if (shape instanceof Shaped.Parts parts) {
            return shaped.form(usual, parts);
        }
        throw new UnshapedMessageException(((Shaped.Unshaped) shape).error());
    }

    /** The query of the address is hidden; that of a template is not. */
    private static String url(HttpUrl url, HttpUrl configured, Address address) {
        HttpUrl.Builder shown = url.newBuilder().query(null);
        SecretPath path = address.secretPath();
        if (path != null && url.encodedPath().equals(configured.encodedPath())) {
            shown.encodedPath(path.shown());
        }
        String plain = shown.build().toString();
        String secret = configured.encodedQuery();
        if (secret == null) {
            return url.encodedQuery() == null ? plain : plain + "?" + url.encodedQuery();
        }
        return plain + "?" + HIDDEN + String.valueOf(url.encodedQuery()).substring(secret.length());
    }

    private static List<String> headers(Request request, Destination destination, int length) {
        Set<String> secret = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        secret.addAll(destination.request().headers().keySet());
        secret.add(RequestForm.AUTHORIZATION);
        List<String> lines = new ArrayList<>();
        Headers headers = request.headers();
        if (headers.get("host") == null) {
            lines.add("host: " + host(request.url()));
        }
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            lines.add(name + ": " + (secret.contains(name) ? HIDDEN : headers.value(i)));
        }
        lines.add("content-length: " + length);
        return lines;
    }

    private static String host(HttpUrl url) {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        return url.port() == HttpUrl.defaultPort(url.scheme()) ? host : host + ":" + url.port();
    }
}
