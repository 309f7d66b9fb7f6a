package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** All functions of the language by their names. Immutable. */
public final class Functions {
    /** Functions of JSONata that would look beyond the message, or give another result each time. */
    public static final Set<String> REFUSED = Set.of("now", "millis", "random", "shuffle", "eval");

    private final Map<String, Builtin> byName = new HashMap<>();

    /** Makes the functions of all libraries. */
    public Functions() {
        TextFunctions.addTo(this);
        PatternFunctions.addTo(this);
        UrlText.addTo(this);
        NumberFunctions.addTo(this);
        ListFunctions.addTo(this);
        ObjectFunctions.addTo(this);
        TimeFunctions.addTo(this);
    }

    /** Adds a function. */
    Functions add(String name, int least, int most, Builtin.Body body) {
        byName.put(name, new Builtin(name, least, most, false, body));
        return this;
    }

    /** Adds a function whose first argument may be the context value. */
    Functions ofContext(String name, int least, int most, Builtin.Body body) {
        byName.put(name, new Builtin(name, least, most, true, body));
        return this;
    }

    /** Whether a function has this name, without its dollar sign. */
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** The outermost variables: the functions. */
    public Scope scope() {
        Scope scope = new Scope(null);
        byName.forEach(scope::bind);
        return scope;
    }
}
