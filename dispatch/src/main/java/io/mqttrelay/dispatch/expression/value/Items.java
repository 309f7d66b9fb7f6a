package io.mqttrelay.dispatch.expression.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of values. A sequence is the result of a path: it stands for its only element if it has one, and for nothing if it
 * has none. An array that a path constructs is not flattened. One thread.
 */
public final class Items extends ArrayList<Object> {
    private static final long serialVersionUID = 1L;

    private enum Kind {
        ARRAY,
        SEQUENCE,
        KEPT_SEQUENCE,
        CONSTRUCTED
    }

    private final Kind kind;

    private Items(Kind kind) {
        super(0);
        this.kind = kind;
    }

    /** A new empty array. */
    public static Items array() {
        return new Items(Kind.ARRAY);
    }

    /** A new empty sequence. */
    public static Items sequence() {
        return new Items(Kind.SEQUENCE);
    }

    /** A new sequence of one value; null: of none. */
    public static Items sequence(@Nullable Object only) {
        Items items = sequence();
        if (only != null) {
            items.add(only);
        }
        return items;
    }

    /** A sequence that stays an array also with one element. */
    public static Items kept(List<?> elements, Evaluator run) {
        return new Items(Kind.KEPT_SEQUENCE).with(elements, run);
    }

    /** An array that a path does not flatten. */
    public static Items constructed(List<?> elements, Evaluator run) {
        return new Items(Kind.CONSTRUCTED).with(elements, run);
    }

    /** Adds all elements. */
    public Items with(List<?> elements, Evaluator run) {
        run.make((long) elements.size() * Evaluator.ELEMENT);
        addAll(elements);
        return this;
    }

    /** Adds the value, or the elements of a list. */
    public Items flattened(Object value, Evaluator run) {
        if (value instanceof List<?> list) {
            return with(list, run);
        }
        run.make(Evaluator.ELEMENT);
        add(value);
        return this;
    }

    /** Whether the value is a sequence, also one that stays an array. */
    public static boolean isSequence(@Nullable Object value) {
        return value instanceof Items items && (items.kind == Kind.SEQUENCE || items.kind == Kind.KEPT_SEQUENCE);
    }

    /** Whether the value is an array that a path does not flatten. */
    public static boolean isConstructed(Object value) {
        return value instanceof Items items && items.kind == Kind.CONSTRUCTED;
    }

    /** The value that a result stands for; null: nothing. */
    public static @Nullable Object unwrapped(@Nullable Object result) {
        if (!(result instanceof Items items) || !isSequence(items)) {
            return result;
        }
        if (items.isEmpty()) {
            return null;
        }
        return items.size() == 1 && items.kind == Kind.SEQUENCE ? items.get(0) : items;
    }

    /** The value as a list: itself, or its only element; null: nothing. */
    public static @Nullable List<?> listOf(@Nullable Object value) {
        return value == null ? null : value instanceof List<?> list ? list : List.of(value);
    }
}
