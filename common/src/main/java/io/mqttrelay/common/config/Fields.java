package io.mqttrelay.common.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object of the file, read by its section: each value of its key's type, or reported. */
final class Fields {
    private final Value object;
    private final Map<String, Value> written = new HashMap<>();
    private final Map<String, Object> read = new HashMap<>();
    private final Set<String> wrong = new HashSet<>();

    private Fields(Value object) {
        this.object = object;
    }

    /** The object; null: it is none, and that is reported. Whatever is wrong inside is reported too. */
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
                String nearest = NearestKey.of(entry.getKey(), names);
                entry.getValue().problem("unknown key, did you mean " + nearest + "?");
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

    /** The value of a key with a default: what was read, or the default (also where what was written is wrong). */
    <T> T get(Key<T> key) {
        T found = find(key);
        T value = found == null ? key.fallback() : found;
        if (value == null) {
            throw new IllegalStateException(key.name() + " has no default: use find");
        }
        return value;
    }

    /** The value of a key; null: it is not there, or wrong (and reported). */
    @SuppressWarnings("unchecked") // read() put there what the key's own type gave
    <T> @Nullable T find(Key<T> key) {
        return (T) read.get(key.name());
    }

    /** Whether the key is there, right or wrong. */
    boolean has(Key<?> key) {
        return written.containsKey(key.name());
    }

    /** Whether the key was reported, so that nothing may be concluded from its value. */
    boolean isWrong(Key<?> key) {
        return wrong.contains(key.name());
    }

    /** The value as it stands in the file, for further checks; null: the key is not there. */
    @Nullable
    Value written(Key<?> key) {
        return written.get(key.name());
    }

    /** Reports something about a key that is there or has its default. */
    void problem(Key<?> key, String what) {
        Value value = written.get(key.name());
        if (value == null) {
            object.problemAt(key.name(), what);
        } else {
            value.problem(what);
        }
    }

    /** Tells something about a key that is there or has its default. */
    void warn(Key<?> key, String what) {
        Value value = written.get(key.name());
        if (value == null) {
            object.warnAt(key.name(), what);
        } else {
            value.warn(what);
        }
    }

    /** The whole object. */
    Value object() {
        return object;
    }
}
