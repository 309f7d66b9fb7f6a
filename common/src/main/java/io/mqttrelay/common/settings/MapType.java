package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object whose keys the user chooses.
 *
 * @param form its description in messages
 * @param sections that the values consist of
 */
public record MapType<T>(String form, EntryRule<T> rule, ObjectNode valueSchema, List<Section> sections)
        implements Type<Map<String, T>> {
    /** Reads one entry. */
    @FunctionalInterface
    public interface EntryRule<T> {
        /** The value; null: it is wrong, and that is reported. */
        @Nullable
        T read(String key, Value value);
    }

    /** An object whose values are no objects. */
    public MapType(String form, EntryRule<T> rule, ObjectNode valueSchema) {
        this(form, rule, valueSchema, List.of());
    }

    /** An object whose values have the keys of one section. */
    public static MapType<Fields> of(Section section) {
        SectionType type = new SectionType(section);
        return new MapType<>(
                "object of names and " + type.describe(),
                (name, value) -> type.read(value),
                type.schema(),
                List.of(section));
    }

    @Override
    public @Nullable Map<String, T> read(Value value) {
        if (!value.json().isObject()) {
            value.problem("must be an object");
            return null;
        }
        Map<String, T> read = new LinkedHashMap<>();
        boolean complete = true;
        for (Map.Entry<String, Value> entry : value.entries()) {
            T one = rule.read(entry.getKey(), entry.getValue());
            if (one == null) {
                complete = false;
            } else {
                read.put(entry.getKey(), one);
            }
        }
        return complete ? read : null;
    }

    @Override
    public String describe() {
        return form;
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Type.schemaOf("object");
        schema.set("additionalProperties", valueSchema.deepCopy());
        return schema;
    }
}
