package io.mqttrelay.dispatch.template;

import io.mqttrelay.dispatch.format.Content;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message in the shape that an address needs, or the reason why it has none. */
public sealed interface Shaped {
    /**
     * The parts of a message that the template gives. Parts of other kinds of targets are ignored.
     *
     * @param content the body and its type; the payload if the template has no body
     * @param path segments that replace the path of the URL, not encoded yet, none of them {@code .} or {@code ..};
     *     null: the path stays
     * @param query added to the URL, in order, not encoded yet
     * @param headers legal header values by the names of the template
     * @param key of a Kafka record; null: the usual one
     * @param topic of an MQTT message; null: the usual one
     * @param retain null: the usual value
     * @param params the parameters of a statement: a String, BigDecimal or Boolean; objects and lists as the text of
     *     their JSON; null where the expression yields nothing or null
     */
    record Parts(
            Content content,
            @Nullable List<String> path,
            Map<String, String> query,
            Map<String, String> headers,
            @Nullable String key,
            @Nullable String topic,
            @Nullable Boolean retain,
            Map<String, @Nullable Object> params)
            implements Shaped {
        public Parts {
            query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        }
    }

    /**
     * The message cannot be shaped; nothing is sent.
     *
     * @param error one line for people, with the place in the template
     * @param again whether another attempt may help: the evaluation took too long
     */
    record Unshaped(String error, boolean again) implements Shaped {}
}
