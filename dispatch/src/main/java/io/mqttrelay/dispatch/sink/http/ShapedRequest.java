package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.template.MessageShape;
import io.mqttrelay.dispatch.template.Shaped;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The template of an HTTP address: makes the form of each request by the message that it is for. Any thread. */
final class ShapedRequest {
    private final MessageShape shape;

    private ShapedRequest(MessageShape shape) {
        this.shape = shape;
    }

    /** Null: the address has no template. */
    static @Nullable ShapedRequest of(Destination destination) {
        Template template = destination.request().template();
        return template == null
                ? null
                : new ShapedRequest(
                        MessageShape.of(template, destination.owner().appName()));
    }

    /** The parts of the message's request. */
    Shaped shape(RelayMessage message) {
        return shape.shape(message);
    }

    /** The form of one request. */
    RequestForm form(RequestForm usual, Shaped.Parts parts) {
        Headers.Builder headers = usual.fixed().newBuilder();
        parts.headers().forEach(headers::set);
        String method = shape.method();
        return new RequestForm(
                url(usual.url(), parts),
                usual.display(),
                headers.build(),
                new ShapedFormat(parts.content(), usual.format()),
                usual.signatures(),
                usual.clock(),
                method == null ? RequestForm.POST : method);
    }

    private static HttpUrl url(HttpUrl url, Shaped.Parts parts) {
        HttpUrl.Builder changed = url.newBuilder();
        if (parts.path() != null) {
            changed.encodedPath("/");
            parts.path().forEach(changed::addPathSegment);
        }
        parts.query().forEach(changed::addQueryParameter);
        return changed.build();
    }
}
