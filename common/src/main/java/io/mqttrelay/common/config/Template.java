package io.mqttrelay.common.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of a destination are shaped; the texts that depend on the message are expressions.
 *
 * @param body an expression; null: the payload goes out
 * @param contentType as it is sent; null: by the body
 * @param method of HTTP; null: POST
 * @param path an expression that replaces the path of the URL; null: none
 * @param query expressions by the names that they add to the URL
 * @param headers expressions by the names of headers
 * @param key an expression: the key of a Kafka record; null: none
 * @param topic an expression: the topic of an MQTT message; null: none
 * @param retain an expression: whether an MQTT message is retained; null: none
 * @param params expressions by the names of the parameters of a statement
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
