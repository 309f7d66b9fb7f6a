package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.Node;
import io.mqttrelay.dispatch.expression.value.Scope;
import io.mqttrelay.dispatch.expression.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls functions that are values. Any thread. */
public final class FunctionCalls {
    private FunctionCalls() {}

    /** A call in the last place of a function: made after the function has returned, so that loops need no depth. */
    public record Pending(Applicable function, List<@Nullable Object> arguments) {}

    /** Calls a function and the calls in its last places. */
    public static @Nullable Object apply(
            Applicable function, List<@Nullable Object> arguments, @Nullable Object input, Evaluator run) {
        Object result = function.apply(arguments, input, run);
        while (result instanceof Pending pending) {
            run.step();
            result = pending.function().apply(pending.arguments(), input, run);
        }
        return Items.unwrapped(result);
    }

    /** The value as a function; an error that begins with {@code where} if it is none. */
    public static Applicable function(@Nullable Object value, String where) {
        if (value instanceof Applicable function) {
            return function;
        }
        throw EvaluationError.of(where + " must be a function, not " + Values.typeOf(value));
    }

    /** Calls a function inside of a function; its depth counts. */
    public static @Nullable Object nested(
            Applicable function, List<@Nullable Object> arguments, @Nullable Object input, Evaluator run) {
        return run.eval(new Nested(function, arguments), input, new Scope(null));
    }

    private record Nested(Applicable function, List<@Nullable Object> arguments) implements Node {
        @Override
        public int position() {
            return 0;
        }

        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            return apply(function, arguments, input, run);
        }
    }
}
