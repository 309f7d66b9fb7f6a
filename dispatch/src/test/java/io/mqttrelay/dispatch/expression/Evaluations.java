package io.mqttrelay.dispatch.expression;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions for tests. */
final class Evaluations {
    private Evaluations() {}

    /** The text of the result; null: nothing; an error begins with {@code !}. */
    static @Nullable String result(String expression, String json) {
        return text(evaluation(expression, json));
    }

    @SuppressWarnings("unchecked")
    static Evaluation evaluation(String expression, String json) {
        Object input = Objects.requireNonNull(JsonInput.of(json.getBytes(StandardCharsets.UTF_8)), json);
        return Expression.compile(expression).evaluate((Map<String, Object>) input);
    }

    static @Nullable String text(Evaluation evaluation) {
        return evaluation.match(new Evaluation.Cases<@Nullable String>() {
            @Override
            public @Nullable String value(Evaluation.Value value) {
                return value.text();
            }

            @Override
            public String failed(Evaluation.Failed failed) {
                return "!" + failed.error();
            }

            @Override
            public String timedOut(Evaluation.TimedOut timedOut) {
                return "!!" + timedOut.error();
            }
        });
    }
}
