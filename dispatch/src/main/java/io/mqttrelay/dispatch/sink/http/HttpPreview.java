package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.SecretPath;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import io.mqttrelay.dispatch.sink.http.net.Connections;
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
        RequestForm form = RequestForm.of(destination, context.clock(), RequestForm.userAgent(context.version()));
        Request request = form.request(List.of(message), 1).build();
        byte[] body = ((OneShotBody) request.body()).bytes();
        if (form.url().isHttps()) {
            Connections.checkTls(destination.request().tls());
        }
        return new RequestPreview(
                request.method(), url(request.url(), destination.address()), headers(request, destination, body.length), body);
    }

    private static String url(HttpUrl url, Address address) {
        HttpUrl.Builder shown = url.newBuilder().query(null);
        SecretPath path = address.secretPath();
        if (path != null) {
            shown.encodedPath(path.shown());
        }
        String plain = shown.build().toString();
        return url.query() == null ? plain : plain + "?" + HIDDEN;
    }

    private static List<String> headers(Request request, Destination destination, int length) {
        Set<String> secret = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        secret.addAll(destination.request().headers().keySet());
        secret.add("authorization");
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
