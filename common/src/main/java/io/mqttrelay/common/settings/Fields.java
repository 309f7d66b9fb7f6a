package io.mqttrelay.common.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object of the file, read by its section: each value is read by its key's type, or reported. */
public final class Fields {
    private final Value object;
    private final Map<String, Value> written = new HashMap<>();
    private final Map<String, Object> read = new HashMap<>();
    private final Set<String> wrong = new HashSet<>();

    private Fields(Value object) {
        this.object = object;
    }

    /** Reads the object and reports all its problems; null: the value is not an object, and that is reported. */
    static @Nullable Fields of(Value value, Section section) {
        if (!value.json().isObject()) {
            value.expected("an object");
            return null;
        }
        Fields fields = new Fields(value);
        fields.match(section);
        section.keys().forEach(fields::read);
        return fields;
    }

    private void match(Section section) {
        Map<String, Key<?>> known = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (Key<?> key : section.keys()) {
            known.put(lower(key.name()), key);
            names.add(key.name());
            key.aliases().forEach(alias -> known.put(lower(alias), key));
        }
        for (Map.Entry<String, Value> entry : object.entries()) {
            Key<?> key = known.get(lower(entry.getKey()));
            if (key == null) {
                entry.getValue().problem(object.explainKey(entry.getKey(), names));
            } else {
                match(key, entry.getKey(), entry.getValue());
            }
        }
    }

    private void match(Key<?> key, String name, Value value) {
        Value earlier = written.putIfAbsent(key.name(), value);
        if (earlier != null) {
            value.problem("is there twice: the other is " + earlier.path());
        } else if (!key.name().equalsIgnoreCase(name)) {
            value.warn("is misspelt, write " + key.name());
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private void read(Key<?> key) {
        Value value = written.get(key.name());
        if (value == null || (value.json().isNull() && mayBeNull(key))) {
            if (key.required()) {
                object.problemAt(key.name(), "is required");
                wrong.add(key.name());
            }
            written.remove(key.name());
            return;
        }
        if (value.json().isNull()) {
            value.problem("must not be null; leave the key out for the default");
            wrong.add(key.name());
            return;
        }
        Object result = key.type().read(value);
        if (result == null) {
            wrong.add(key.name());
        } else {
            read.put(key.name(), result);
        }
    }

    private static boolean mayBeNull(Key<?> key) {
        return key.required() || (key.fallback() == null && key.type().takesNull());
    }

    /** The value of a key with a default; the default if the key is missing or its value is wrong. */
    public <T> T get(Key<T> key) {
        T found = find(key);
        T value = found == null ? key.fallback() : found;
        if (value == null) {
            throw new IllegalStateException(key.name() + " has no default: use find");
        }
        return value;
    }

    /** The value of a key; null: it is missing, or wrong and reported. */
    @SuppressWarnings("unchecked") // read() stored a value of the key's own type
    public <T> @Nullable T find(Key<T> key) {
        return (T) read.get(key.name());
    }

    /** The fields of a section below this one. If the section is missing or wrong, every key has its default. */
    public Fields section(Key<Fields> key) {
        Fields found = find(key);
        if (found != null) {
            return found;
        }
        Fields defaults = of(object.emptyAt(key.name()), key.type().sections().get(0));
        if (defaults == null) {
            throw new IllegalStateException("an empty object is an object");
        }
        return defaults;
    }

    /** Whether the key is in the file, right or wrong. */
    public boolean has(Key<?> key) {
        return written.containsKey(key.name());
    }

    /** Whether the key was reported, so that its value must not be used in further checks. */
    public boolean isWrong(Key<?> key) {
        return wrong.contains(key.name());
    }

    /** The value as written in the file, for further checks; null: the key is not there. */
    public @Nullable Value written(Key<?> key) {
        return written.get(key.name());
    }

    /** Reports a problem of a key that is there or has its default. */
    public void problem(Key<?> key, String what) {
        Value value = written.get(key.name());
        if (value == null) {
            object.problemAt(key.name(), what);
        } else {
            value.problem(what);
        }
    }

    /** Warns about a key that is there or has its default. */
    public void warn(Key<?> key, String what) {
        Value value = written.get(key.name());
        if (value == null) {
            object.warnAt(key.name(), what);
        } else {
            value.warn(what);
        }
    }

    /** The object as written in the file, for further checks. */
    public Value object() {
        return object;
    }
}
