package io.mqttrelay.common.config.destination;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as expressions over a message. Each value is the text of a JSONata expression, except the content type.
 *
 * @param body null: the payload
 * @param contentType a literal; null: as without a template
 * @param method of HTTP, a literal; null: POST
 * @param path in place of the URL's; null: the URL's
 * @param query added to the URL's, in the file's order
 * @param headers in the file's order
 * @param key of a Kafka record; null: the MQTT topic
 * @param topic of an MQTT message; null: the address's
 * @param retain of an MQTT message; null: not retained
 * @param params of an SQL statement by their names, in the file's order
 */
public record Template(
        @Nullable String body,
        @Nullable String contentType,
        @Nullable String method,
        @Nullable String path,
        Map<String, String> query,
        Map<String, String> headers,
        @Nullable String key,
        @Nullable String topic,
        @Nullable String retain,
        Map<String, String> params) {
    public Template {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }
}
