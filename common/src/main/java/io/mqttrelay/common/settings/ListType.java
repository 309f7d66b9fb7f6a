package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list, or a single element without a list where the file format has always allowed it.
 *
 * @param orOne a single element is a list of one
 */
public record ListType<T>(Type<T> element, int min, int max, boolean orOne) implements Type<List<T>> {
    public static <T> ListType<T> of(Type<T> element, int min, int max) {
        return new ListType<>(element, min, max, false);
    }

    /** One element, or a list of at least one. */
    public static <T> ListType<T> oneOrMore(Type<T> element) {
        return new ListType<>(element, 1, Integer.MAX_VALUE, true);
    }

    @Override
    public @Nullable List<T> read(Value value) {
        if (!value.json().isArray()) {
            if (!orOne) {
                value.problem("must be a list");
                return null;
            }
            T one = element.read(value);
            return one == null ? null : List.of(one);
        }
        int size = value.json().size();
        if (size < min || size > max) {
            value.problem(
                    size < min
                            ? "must have at least " + min + (min == 1 ? " entry" : " entries")
                            : "must have at most " + max + " entries, has " + size);
            return null;
        }
        return elements(value);
    }

    /** Reads all elements, so that all problems are found. */
    private @Nullable List<T> elements(Value value) {
        List<T> read = new ArrayList<>();
        boolean complete = true;
        for (Value each : value.elements()) {
            T one = element.read(each);
            if (one == null) {
                complete = false;
            } else {
                read.add(one);
            }
        }
        return complete ? List.copyOf(read) : null;
    }

    @Override
    public String describe() {
        return (orOne ? element.describe() + ", or a list of these" : "list of " + element.describe())
                + (max == Integer.MAX_VALUE ? "" : ", at most " + max);
    }

    @Override
    public ObjectNode schema() {
        ObjectNode list = Type.schemaOf("array");
        list.set("items", element.schema());
        if (min > 0) {
            list.put("minItems", min);
        }
        if (max < Integer.MAX_VALUE) {
            list.put("maxItems", max);
        }
        return orOne ? Type.anyOf(element.schema(), list) : list;
    }

    @Override
    public List<Section> sections() {
        return element.sections();
    }
}
