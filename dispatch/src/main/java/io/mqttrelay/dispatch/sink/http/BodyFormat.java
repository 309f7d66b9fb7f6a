package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.text.Printable;

/** What of a message becomes the request's body. */
interface BodyFormat {
    Content content(RelayMessage message);

    static BodyFormat of(Route route) {
        return switch (route.messageFormat()) {
            case RAW -> new RawFormat();
            case ENVELOPE -> new EnvelopeFormat(route.appName());
            case CLOUDEVENTS ->
                throw new UnusableAddressException("app " + Printable.oneLine(route.appId(), 100)
                        + ": message_format cloudevents is not supported yet");
        };
    }
}
