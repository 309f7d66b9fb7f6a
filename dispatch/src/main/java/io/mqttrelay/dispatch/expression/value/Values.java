package io.mqttrelay.dispatch.expression.value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Types, truth and equality of values. A value is a String, Boolean, JsonNumber, JsonNull, List, Map or Applicable. */
public final class Values {
    private Values() {}

    /** The name of the type, as {@code $type} tells it. */
    public static String typeOf(@Nullable Object value) {
        if (value == null) {
            return "undefined";
        }
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof JsonNumber) {
            return "number";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        if (value instanceof List) {
            return "array";
        }
        if (value instanceof Map) {
            return "object";
        }
        return value == JsonNull.NULL ? "null" : "function";
    }

    /** The value as a string; an error that begins with {@code where} if it is none. */
    public static String text(Object value, String where) {
        if (value instanceof String text) {
            return text;
        }
        throw EvaluationError.of(where + " must be a string, not " + typeOf(value));
    }

    /** The value as an object; an error that begins with {@code where} if it is none. */
    public static Map<?, ?> object(Object value, String where) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw EvaluationError.of(where + " must be an object, not " + typeOf(value));
    }

    /** Whether a value counts as true. */
    public static boolean isTrue(@Nullable Object value, Evaluator run) {
        if (value instanceof Boolean is) {
            return is;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof JsonNumber number) {
            return number.value().signum() != 0;
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        if (value instanceof List<?> list) {
            for (Object each : list) {
                run.make(1);
                if (isTrue(each, run)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether two values are equal in all their parts. */
    public static boolean equal(Object a, Object b, Evaluator run) {
        run.make(1);
        if (a instanceof JsonNumber left && b instanceof JsonNumber right) {
            return left.text().equals(right.text()) || left.shown().compareTo(right.shown()) == 0;
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            boolean same = left.size() == right.size();
            for (int i = 0; same && i < left.size(); i++) {
                same = equal(left.get(i), right.get(i), run);
            }
            return same;
        }
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            boolean same = left.size() == right.size();
            if (same) {
                for (Map.Entry<?, ?> entry : left.entrySet()) {
                    Object other = right.get(entry.getKey());
                    if (other == null || !equal(entry.getValue(), other, run)) {
                        return false;
                    }
                }
            }
            return same;
        }
        return a.equals(b);
    }

    /** Compares two numbers or two strings. */
    public static int compare(Object a, Object b) {
        if (a instanceof JsonNumber left && b instanceof JsonNumber right) {
            return left.shown().compareTo(right.shown());
        }
        if (a instanceof String left && b instanceof String right) {
            return left.compareTo(right);
        }
        throw EvaluationError.of("two numbers or two strings can be compared, not " + typeOf(a) + " and " + typeOf(b));
    }

    /** The values of a key in an object, or in the objects of a list. Null: there is none. */
    public static @Nullable Object lookup(@Nullable Object input, String key, Evaluator run) {
        if (input instanceof Map<?, ?> map) {
            return map.get(key);
        }
        if (!(input instanceof List<?> list)) {
            return null;
        }
        Items found = Items.sequence();
        for (Object each : list) {
            run.tick();
            Object value = lookup(each, key, run);
            if (value != null) {
                found.flattened(value, run);
            }
        }
        return found;
    }

    /** Both as one list. */
    public static @Nullable Object append(@Nullable Object a, @Nullable Object b, Evaluator run) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Items.array().flattened(a, run).flattened(b, run);
    }

    /** A copy that a transformation may change. */
    public static Object copy(Object value, Evaluator run) {
        if (value instanceof Map<?, ?> map) {
            Changeable copy = new Changeable();
            map.forEach((key, each) -> {
                run.make(Evaluator.ELEMENT);
                copy.put((String) key, copy(each, run));
            });
            return copy;
        }
        if (value instanceof List<?> list) {
            Items copy = Items.array();
            for (Object each : list) {
                run.make(Evaluator.ELEMENT);
                copy.add(copy(each, run));
            }
            return copy;
        }
        return value;
    }

    /** An object that belongs to the evaluation alone. */
    public static final class Changeable extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1L;
    }
}
