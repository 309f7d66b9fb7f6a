package io.mqttrelay.dispatch.expression.value;

import org.jspecify.annotations.Nullable;

/** One part of a compiled expression. Immutable. */
public interface Node {
    /** The character of the expression, from 1; 0: not known. */
    int position();

    /**
     * Evaluates the part; called by {@link Evaluator#eval} alone.
     *
     * @param input the context value; null: there is none
     * @return null: it yields nothing
     */
    @Nullable
    Object eval(@Nullable Object input, Scope scope, Evaluator run);
}
