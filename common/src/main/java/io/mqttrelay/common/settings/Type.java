package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type of a setting: how its value is read, described on the reference page, and described to editors. */
public interface Type<T> {
    /** The schema of a string with a reference: allowed in place of a number or a boolean. */
    String REFERENCE = "reference";

    /** Reads the value; null: it is wrong, and that is reported. */
    @Nullable
    T read(Value value);

    /** The allowed values, for the reference page. */
    String describe();

    /** The allowed values, as JSON Schema. */
    ObjectNode schema();

    /** The sections that values of this type consist of. */
    default List<Section> sections() {
        return List.of();
    }

    /** Whether {@code null} in the file means the same as leaving the key out. */
    default boolean takesNull() {
        return true;
    }

    /** A schema of one JSON type. */
    static ObjectNode schemaOf(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** A schema that also accepts a reference. */
    static ObjectNode orReference(ObjectNode schema) {
        return anyOf(schema, JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + REFERENCE));
    }

    /** A schema that accepts each of several schemas. */
    static ObjectNode anyOf(ObjectNode... schemas) {
        ObjectNode any = JsonNodeFactory.instance.objectNode();
        any.putArray("anyOf").addAll(List.of(schemas));
        return any;
    }
}
