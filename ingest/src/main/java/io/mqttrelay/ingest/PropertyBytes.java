package io.mqttrelay.ingest;

import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.ingest.mqtt.wire.Publish;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The size of a message's MQTT 5 properties. */
final class PropertyBytes {
    private PropertyBytes() {}

    /** Whether the message has no MQTT 5 properties. */
    static boolean hasNone(Publish publish) {
        return publish.userProperties().isEmpty()
                && publish.correlationData() == null
                && publish.contentType() == null
                && publish.responseTopic() == null;
    }

    /** Approximate bytes in memory: two for each character, the maximum of a Java string. */
    static long of(Publish publish) {
        byte[] correlation = publish.correlationData();
        long bytes = correlation == null ? 0 : correlation.length;
        bytes += 2L * (length(publish.contentType()) + length(publish.responseTopic()));
        for (UserProperty property : publish.userProperties()) {
            bytes += 64 + 2L * (property.name().length() + property.value().length());
        }
        return bytes;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Bytes of the text in UTF-8. */
    static int utf8(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
