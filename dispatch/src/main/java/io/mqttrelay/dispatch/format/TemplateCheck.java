package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.dispatch.expression.Expression;
import io.mqttrelay.dispatch.expression.InvalidExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks templates and conditions when a configuration is read. */
public final class TemplateCheck {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private final List<Problem> problems = new ArrayList<>();

    private TemplateCheck() {}

    /**
     * A problem of one key.
     *
     * @param key within the template, such as {@code headers.x-site}
     * @param problem one line for people, with the position in the expression
     */
    public record Problem(String key, String problem) {}

    /** All problems of a template. */
    public static List<Problem> problems(Template template) {
        TemplateCheck check = new TemplateCheck();
        check.expression("body", template.body());
        check.expression("path", template.path());
        check.expression("key", template.key());
        check.expression("topic", template.topic());
        check.expression("retain", template.retain());
        check.expressions("query", template.query());
        check.expressions("headers", template.headers());
        check.expressions("params", template.params());
        template.headers().keySet().forEach(name -> check.add("headers." + name, HeaderCheck.problem(name)));
        String method = template.method();
        if (method != null && !METHODS.contains(method)) {
            check.add("method", "must be GET, POST, PUT, PATCH or DELETE");
        }
        String type = template.contentType();
        if (type != null && !MediaType.isMediaType(type)) {
            check.add("content_type", "is no media type");
        }
        return check.problems;
    }

    /** The problem of a condition; null: none. */
    public static @Nullable String problem(String when) {
        try {
            Expression.compile(when);
            return null;
        } catch (InvalidExpressionException e) {
            return e.getMessage();
        }
    }

    private void expressions(String key, Map<String, String> texts) {
        texts.forEach((name, text) -> expression(key + "." + name, text));
    }

    private void expression(String key, @Nullable String text) {
        if (text != null) {
            add(key, problem(text));
        }
    }

    private void add(String key, @Nullable String problem) {
        if (problem != null) {
            problems.add(new Problem(key, problem));
        }
    }
}
