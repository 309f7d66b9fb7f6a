package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.format.JsonCheck;
import io.mqttrelay.dispatch.template.MessageShape;
import io.mqttrelay.dispatch.template.Shaped;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives the parameters of one statement their values: text, numbers, times and bytes, never SQL. Any thread. */
final class Bindings {
    private final JdbcStatement statement;
    private final Dialect dialect;
    private final @Nullable MessageShape shape;

    /** @param shape of the address's template; null: it has none */
    Bindings(JdbcStatement statement, Dialect dialect, @Nullable MessageShape shape) {
        this.statement = statement;
        this.dialect = dialect;
        this.shape = shape;
    }

    /**
     * The values for one message, one for each {@code ?}; null where MQTT had none.
     *
     * @throws UnprocessableException if the message has no value for a parameter
     */
    List<@Nullable Object> values(RelayMessage message) throws UnprocessableException {
        Map<String, @Nullable Object> template = template(message);
        List<@Nullable Object> values = new ArrayList<>();
        for (Parameter parameter : statement.parameters()) {
            values.add(value(parameter, message, template));
        }
        return values;
    }

    private Map<String, @Nullable Object> template(RelayMessage message) throws UnprocessableException {
        if (shape == null) {
            return Map.of();
        }
        Shaped shaped = shape.shape(message);
        if (shaped instanceof Shaped.Unshaped failed) {
            throw new UnprocessableException(failed.error(), failed.again());
        }
        return ((Shaped.Parts) shaped).params();
    }

    private @Nullable Object value(Parameter parameter, RelayMessage message, Map<String, @Nullable Object> template)
            throws UnprocessableException {
        return switch (parameter.field()) {
            case ID -> message.id();
            case APP_ID -> message.appId();
            case CLIENT_ID -> message.clientId();
            case TOPIC -> message.topic();
            case QOS -> message.qos();
            case RETAIN -> message.retain();
            case RECEIVED_AT -> time(message.receivedAt());
            case CONTENT_TYPE -> message.contentType();
            case PAYLOAD -> message.payload();
            case PAYLOAD_TEXT -> text(parameter, message.payload());
            case PAYLOAD_JSON -> json(parameter, message.payload());
            case TEMPLATE -> template.get(parameter.path());
        };
    }

    /** MariaDB has no time with a zone: it gets UTC, and the session's zone is UTC. */
    private Object time(long epochMillis) {
        Instant instant = Instant.ofEpochMilli(epochMillis);
        return dialect.isMariaDb()
                ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                : instant.atOffset(ZoneOffset.UTC);
    }

    private static String text(Parameter parameter, byte[] payload) throws UnprocessableException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnprocessableException(parameter + ": the payload is not UTF-8", false);
        }
    }

    private static String json(Parameter parameter, byte[] payload) throws UnprocessableException {
        if (!JsonCheck.isJson(payload)) {
            throw new UnprocessableException(parameter + ": the payload is not JSON", false);
        }
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Sets the parameters of one execution. */
    void bind(PreparedStatement prepared, List<@Nullable Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value == null) {
                prepared.setNull(i + 1, statement.parameters().get(i).field().sqlType());
            } else if (value instanceof String text) {
                prepared.setString(i + 1, text);
            } else if (value instanceof byte[] bytes) {
                prepared.setBytes(i + 1, bytes);
            } else {
                prepared.setObject(i + 1, value);
            }
        }
    }
}
