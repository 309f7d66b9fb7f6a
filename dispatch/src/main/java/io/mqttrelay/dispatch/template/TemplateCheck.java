package io.mqttrelay.dispatch.template;

import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.dispatch.expression.Expression;
import io.mqttrelay.dispatch.expression.InvalidExpressionException;
import io.mqttrelay.dispatch.format.MediaType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks templates and conditions when a configuration is read. */
public final class TemplateCheck {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private TemplateCheck() {}

    /** The problem of an expression, with its position; null: none. */
    public static @Nullable String expression(String text) {
        try {
            Expression.compile(text);
            return null;
        } catch (InvalidExpressionException e) {
            return e.getMessage();
        }
    }

    /** The first problem of the parts of a template that are no expressions; null: none. */
    public static @Nullable String fixedParts(Template template) {
        if (template.method() != null && !METHODS.contains(template.method())) {
            return "template.method must be GET, POST, PUT, PATCH or DELETE";
        }
        if (template.contentType() != null && !MediaType.isMediaType(template.contentType())) {
            return "template.content_type is no media type";
        }
        for (String name : template.headers().keySet()) {
            String problem = HeaderCheck.problem(name);
            if (problem != null) {
                return "template.headers." + name + " " + problem;
            }
        }
        return null;
    }
}
