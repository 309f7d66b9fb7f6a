package io.mqttrelay.dispatch.template;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.dispatch.expression.JsonInput;
import io.mqttrelay.dispatch.format.JsonCheck;
import io.mqttrelay.dispatch.format.UtcTime;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The input of expressions: one message as an object. Its values are made when an expression reads them, the payload once.
 * One thread.
 */
final class MessageInput extends AbstractMap<String, Object> {
    /** Larger payloads cannot be read by expressions; they still go out as bodies. */
    static final int MAX_PAYLOAD = 1 << 20;

    private static final List<String> NAMES = List.of(
            "payload",
            "encoding",
            "topic",
            "levels",
            "qos",
            "retain",
            "id",
            "app_id",
            "app_name",
            "client_id",
            "received_at",
            "content_type",
            "properties",
            "response_topic");

    private final RelayMessage message;
    private final String appName;
    private @Nullable Object payload;
    private String encoding = "";

    MessageInput(RelayMessage message, String appName) {
        this.message = message;
        this.appName = appName;
    }

    @Override
    public @Nullable Object get(Object key) {
        return key instanceof String name ? value(name) : null;
    }

    private @Nullable Object value(String name) {
        return switch (name) {
            case "payload" -> payload();
            case "encoding" -> {
                payload();
                yield encoding;
            }
            case "topic" -> message.topic();
            case "levels" -> List.of(message.topic().split("/", -1));
            case "qos" -> JsonInput.number(message.qos());
            case "retain" -> message.retain();
            case "id" -> message.id();
            case "app_id" -> message.appId();
            case "app_name" -> appName;
            case "client_id" -> message.clientId();
            case "received_at" -> UtcTime.text(Instant.ofEpochMilli(message.receivedAt()));
            case "content_type" -> message.contentType();
            case "properties" -> properties();
            case "response_topic" -> message.responseTopic();
            default -> null;
        };
    }

    private Object payload() {
        Object known = payload;
        if (known == null) {
            known = read(message.payload());
            payload = known;
        }
        return known;
    }

    private Object read(byte[] bytes) {
        if (bytes.length > MAX_PAYLOAD) {
            throw new PayloadTooLargeException(bytes.length);
        }
        Object json = JsonCheck.mayBeJson(bytes) ? JsonInput.of(bytes) : null;
        if (json != null) {
            encoding = "json";
            return json;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            encoding = "text";
            return text;
        } catch (CharacterCodingException e) {
            encoding = "base64";
            return Base64.getEncoder().encodeToString(bytes);
        }
    }

    /** A name that occurs more than once has a list. */
    private Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (UserProperty property : message.userProperties()) {
            properties.merge(property.name(), property.value(), MessageInput::both);
        }
        return properties;
    }

    private static Object both(Object earlier, Object later) {
        List<Object> all = earlier instanceof List<?> list ? new ArrayList<>(list) : new ArrayList<>(List.of(earlier));
        all.add(later);
        return all;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String name : NAMES) {
            Object value = value(name);
            if (value != null) {
                all.put(name, value);
            }
        }
        return all.entrySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
