package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.Evaluator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function as a value. */
public interface Applicable {
    /**
     * Calls the function; called by {@link FunctionCalls#apply} alone.
     *
     * @param arguments null elements yield nothing
     * @param input the context value of the call
     * @return null: nothing; a {@link FunctionCalls.Pending}: the call that gives the result
     */
    @Nullable
    Object apply(List<@Nullable Object> arguments, @Nullable Object input, Evaluator run);

    /** CallArguments that the function uses at most, if it is passed to another function. */
    int arity();
}
