package io.mqttrelay.dispatch.format;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.http.HttpMessageFactory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A request as the CloudEvents SDK reads it. The SDK leaves out one step of the binding, the percent-decoding of header
 * values (3.1.3.2; cloudevents/sdk-java issue 748), which is done here.
 */
public final class ReceivedEvent {
    private ReceivedEvent() {}

    public static CloudEvent read(Map<String, String> headers, byte[] body) {
        Map<String, String> decoded = new HashMap<>(headers);
        decoded.replaceAll((name, value) -> name.startsWith("ce-") ? percentDecoded(value) : value);
        return reader(decoded, body).toEvent();
    }

    /** The SDK's own reader. */
    public static MessageReader reader(Map<String, String> headers, byte[] body) {
        return HttpMessageFactory.createReader(headers, body);
    }

    static String percentDecoded(String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '%') {
                bytes.write(Integer.parseInt(value.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(value.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
