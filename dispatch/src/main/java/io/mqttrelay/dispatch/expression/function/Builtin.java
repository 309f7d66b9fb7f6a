package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of the language.
 *
 * @param least arguments that it needs
 * @param most arguments that it takes
 * @param ofContext whether the context value is its first argument if there is one too few
 */
record Builtin(String name, int least, int most, boolean ofContext, Body body) implements Applicable {
    /** The work of a function. */
    interface Body {
        /** Null: nothing. */
        @Nullable
        Object call(CallArguments arguments, Evaluator run);
    }

    @Override
    public @Nullable Object apply(List<@Nullable Object> arguments, @Nullable Object input, Evaluator run) {
        List<@Nullable Object> all = arguments;
        if (ofContext && arguments.size() < least) {
            all = new ArrayList<>(arguments.size() + 1);
            all.add(input);
            all.addAll(arguments);
        }
        if (all.size() < least || all.size() > most) {
            throw EvaluationError.of("$" + name + " takes " + (least == most ? least : least + " to " + most)
                    + " arguments, not " + arguments.size());
        }
        return body.call(new CallArguments(name, all), run);
    }

    @Override
    public int arity() {
        return Math.max(1, least);
    }
}
