package io.mqttrelay.dispatch.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function as a value. */
interface Applicable {
    /**
     * Calls the function; called by {@link Calls#apply} alone.
     *
     * @param arguments null elements yield nothing
     * @param input the context value of the call
     * @return null: nothing; a {@link Calls.Pending}: the call that gives the result
     */
    @Nullable
    Object apply(List<@Nullable Object> arguments, @Nullable Object input, Run run);

    /** Arguments that the function uses at most, if it is passed to another function. */
    int arity();
}
