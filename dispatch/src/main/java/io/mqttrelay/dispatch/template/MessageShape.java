package io.mqttrelay.dispatch.template;

import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.expression.Evaluation;
import io.mqttrelay.dispatch.expression.Expression;
import io.mqttrelay.dispatch.expression.InvalidExpressionException;
import io.mqttrelay.dispatch.format.BodyFormat;
import io.mqttrelay.dispatch.format.Content;
import io.mqttrelay.dispatch.format.JsonCheck;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compiled template of an address: shapes messages for a sink of any kind. A sink makes it once, calls {@link #shape}
 * for each attempt before it sends anything, and returns {@link io.mqttrelay.dispatch.sink.SinkResult.Unshaped} for a
 * message that has no shape. Immutable; any thread.
 */
public final class MessageShape {
    private final Template template;
    private final String appName;
    private final @Nullable Expression body;
    private final @Nullable Expression path;
    private final @Nullable Expression key;
    private final @Nullable Expression topic;
    private final @Nullable Expression retain;
    private final Map<String, Expression> query;
    private final Map<String, Expression> headers;
    private final Map<String, Expression> params;

    private MessageShape(Template template, String appName) {
        this.template = template;
        this.appName = appName;
        this.body = compiled("body", template.body());
        this.path = compiled("path", template.path());
        this.key = compiled("key", template.key());
        this.topic = compiled("topic", template.topic());
        this.retain = compiled("retain", template.retain());
        this.query = compiled("query", template.query());
        this.headers = compiled("headers", template.headers());
        this.params = compiled("params", template.params());
    }

    /**
     * Compiles a template.
     *
     * @throws IllegalArgumentException if an expression is not valid; {@link TemplateCheck} tells before
     */
    public static MessageShape of(Template template, String appName) {
        return new MessageShape(template, appName);
    }

    private static @Nullable Expression compiled(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Expression.compile(text);
        } catch (InvalidExpressionException e) {
            throw new IllegalArgumentException("template." + name + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Expression> compiled(String name, Map<String, String> texts) {
        Map<String, Expression> all = new LinkedHashMap<>();
        texts.forEach((key, text) -> {
            Expression expression = compiled(name + "." + key, text);
            if (expression != null) {
                all.put(key, expression);
            }
        });
        return all;
    }

    /** The method of HTTP; null: the usual one. */
    public @Nullable String method() {
        return template.method();
    }

    /** Shapes one message on the calling thread, for at most 5 s for each expression. */
    public Shaped shape(RelayMessage message) {
        MessageInput input = new MessageInput(message, appName);
        try {
            return new Shaped.Parts(
                    content(message, input),
                    path == null ? null : PathSegments.of(Evaluated.value("template.path", path, input)),
                    texts("query", query, input, false),
                    texts("headers", headers, input, true),
                    text("template.key", key, input),
                    text("template.topic", topic, input),
                    retain(input),
                    params(input));
        } catch (Evaluated.Failure e) {
            return e.unshaped();
        }
    }

    private Content content(RelayMessage message, MessageInput input) {
        if (body == null) {
            Content payload = BodyFormat.payload(message);
            return template.contentType() == null ? payload : new Content(template.contentType(), payload.bytes());
        }
        Evaluation.Value value = Evaluated.value("template.body", body, input);
        if (value.text() == null) {
            throw new Evaluated.Failure("template.body: yields nothing", false);
        }
        byte[] bytes = value.text().getBytes(StandardCharsets.UTF_8);
        boolean isJson = !value.isText() || JsonCheck.isJson(bytes);
        String type = isJson ? Content.JSON : Content.TEXT;
        return new Content(template.contentType() == null ? type : template.contentType(), bytes);
    }

    private static Map<String, String> texts(
            String of, Map<String, Expression> expressions, MessageInput input, boolean areHeaders) {
        Map<String, String> texts = new LinkedHashMap<>();
        expressions.forEach((name, expression) -> {
            String where = "template." + of + "." + name;
            String text = text(where, expression, input);
            if (text != null) {
                texts.put(name, areHeaders ? HeaderCheck.value(where, text) : text);
            }
        });
        return texts;
    }

    /** Null: no expression, or it yields nothing or null. */
    private static @Nullable String text(String where, @Nullable Expression expression, MessageInput input) {
        if (expression == null) {
            return null;
        }
        Evaluation.Value value = Evaluated.value(where, expression, input);
        return value.isNothing() ? null : value.text();
    }

    private @Nullable Boolean retain(MessageInput input) {
        if (retain == null) {
            return null;
        }
        Evaluation.Value value = Evaluated.value("template.retain", retain, input);
        if (value.isNothing()) {
            return null;
        }
        if (value.value() instanceof Boolean retained) {
            return retained;
        }
        throw new Evaluated.Failure("template.retain: must be true or false", false);
    }

    private Map<String, @Nullable Object> params(MessageInput input) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        params.forEach((name, expression) -> values.put(
                name,
                Evaluated.value("template.params." + name, expression, input).scalar()));
        return values;
    }
}
