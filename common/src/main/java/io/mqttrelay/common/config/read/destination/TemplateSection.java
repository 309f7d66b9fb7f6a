package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.MapType;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code template}. */
final class TemplateSection {
    private static final ExpressionType EXPRESSION = new ExpressionType();
    private static final MapType<String> EXPRESSIONS = new MapType<>(
            "object of names and JSONata expressions",
            (name, value) -> EXPRESSION.read(value),
            Type.schemaOf("string"));

    private static final Key<String> BODY =
            Key.derived("body", EXPRESSION, "the payload", "a string goes out as it is, anything else as JSON");
    private static final Key<String> CONTENT_TYPE = Key.optional(
            "content_type", TextType.nonEmpty("media type"), "of the body; otherwise as without a template");
    private static final Key<String> METHOD =
            Key.withDefault("method", TextType.nonEmpty("HTTP method"), "POST", "\"POST\"", "of HTTP");
    private static final Key<String> PATH =
            Key.optional("path", EXPRESSION, "of HTTP, in place of the URL's: a string, or a list of segments");
    private static final Key<Map<String, String>> QUERY =
            Key.optional("query", EXPRESSIONS, "of HTTP, added to the URL's");
    private static final Key<Map<String, String>> HEADERS = Key.optional("headers", EXPRESSIONS, "request headers");
    private static final Key<String> KEY = Key.derived("key", EXPRESSION, "the MQTT topic", "of a Kafka record");
    private static final Key<String> TOPIC = Key.derived("topic", EXPRESSION, "the URL's", "of an MQTT message");
    private static final Key<String> RETAIN = Key.optional("retain", EXPRESSION, "of an MQTT message");
    private static final Key<Map<String, String>> PARAMS =
            Key.optional("params", EXPRESSIONS, "of an SQL statement: `:template.NAME`");

    /** The parts that only some schemes have, by the setting that allows them. */
    private static final Map<String, Key<?>> LIMITED = Map.of(
            AddressScheme.TEMPLATE_METHOD, METHOD,
            AddressScheme.TEMPLATE_PATH, PATH,
            AddressScheme.TEMPLATE_QUERY, QUERY,
            AddressScheme.TEMPLATE_HEADERS, HEADERS,
            AddressScheme.TEMPLATE_KEY, KEY,
            AddressScheme.TEMPLATE_TOPIC, TOPIC,
            AddressScheme.TEMPLATE_RETAIN, RETAIN,
            AddressScheme.TEMPLATE_PARAMS, PARAMS);

    static final Section SECTION = new Section(
            "template",
            "The request as JSONata expressions over the message.",
            List.of(BODY, CONTENT_TYPE, METHOD, PATH, QUERY, HEADERS, KEY, TOPIC, RETAIN, PARAMS));

    private TemplateSection() {}

    /** Reports the parts that addresses of a scheme do not have. */
    static void check(Fields own, AddressScheme scheme) {
        LIMITED.forEach((setting, key) -> {
            if (own.has(key) && !scheme.has(setting)) {
                own.problem(key, DestinationFields.foreign(scheme));
            }
        });
    }

    /** Reports the expressions that cannot be compiled. */
    static void checkExpressions(Fields written, AddressSchemes schemes) {
        for (Key<String> key : List.of(BODY, PATH, KEY, TOPIC, RETAIN)) {
            checkExpression(written, key, schemes);
        }
        for (Key<Map<String, String>> key : List.of(QUERY, HEADERS, PARAMS)) {
            Map<String, String> all = written.find(key);
            for (Map.Entry<String, String> each : all == null ? Set.<Map.Entry<String, String>>of() : all.entrySet()) {
                String problem = schemes.expressionProblem(each.getValue());
                if (problem != null) {
                    written.problem(key, each.getKey() + ": " + problem);
                }
            }
        }
    }

    /** Reports an expression that cannot be compiled. */
    static void checkExpression(Fields written, Key<String> key, AddressSchemes schemes) {
        String expression = written.find(key);
        String problem = expression == null ? null : schemes.expressionProblem(expression);
        if (problem != null) {
            written.problem(key, problem);
        }
    }

    /** The template with the parts that the scheme has. */
    static Template template(Fields fields, AddressScheme scheme) {
        return new Template(
                fields.find(BODY),
                fields.find(CONTENT_TYPE),
                text(fields, METHOD, scheme, AddressScheme.TEMPLATE_METHOD),
                text(fields, PATH, scheme, AddressScheme.TEMPLATE_PATH),
                map(fields, QUERY, scheme, AddressScheme.TEMPLATE_QUERY),
                map(fields, HEADERS, scheme, AddressScheme.TEMPLATE_HEADERS),
                text(fields, KEY, scheme, AddressScheme.TEMPLATE_KEY),
                text(fields, TOPIC, scheme, AddressScheme.TEMPLATE_TOPIC),
                text(fields, RETAIN, scheme, AddressScheme.TEMPLATE_RETAIN),
                map(fields, PARAMS, scheme, AddressScheme.TEMPLATE_PARAMS));
    }

    private static @Nullable String text(Fields fields, Key<String> key, AddressScheme scheme, String setting) {
        return scheme.has(setting) ? fields.find(key) : null;
    }

    private static Map<String, String> map(
            Fields fields, Key<Map<String, String>> key, AddressScheme scheme, String setting) {
        Map<String, String> found = scheme.has(setting) ? fields.find(key) : null;
        return found == null ? Map.of() : found;
    }
}
