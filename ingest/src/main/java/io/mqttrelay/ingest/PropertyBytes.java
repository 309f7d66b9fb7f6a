package io.mqttrelay.ingest;

import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.ingest.mqtt.Publish;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The weight of what MQTT 5 lets a publisher add to a message. */
final class PropertyBytes {
    private PropertyBytes() {}

    /** Bytes in memory, roughly: characters twice, in case they are wide. */
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

    /** Bytes in UTF-8. */
    static int utf8(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
