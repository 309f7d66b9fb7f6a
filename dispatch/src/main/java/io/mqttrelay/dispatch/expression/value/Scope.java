package io.mqttrelay.dispatch.expression.value;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a block or of a call. One thread. */
public final class Scope {
    private final @Nullable Scope outer;
    private @Nullable Map<String, @Nullable Object> variables; // null: none yet

    /**
     * The variables of an inner block.
     *
     * @param outer the variables around these; null: none
     */
    public Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    /** Binds a variable here; null: to nothing. */
    public void bind(String name, @Nullable Object value) {
        Map<String, @Nullable Object> all = variables;
        if (all == null) {
            all = new HashMap<>();
            variables = all;
        }
        all.put(name, value);
    }

    /** Null: not bound, or bound to nothing. */
    public @Nullable Object find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Map<String, @Nullable Object> all = scope.variables;
            if (all != null && all.containsKey(name)) {
                return all.get(name);
            }
        }
        return null;
    }
}
