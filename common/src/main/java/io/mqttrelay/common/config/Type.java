package io.mqttrelay.common.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a setting's value may be: how it is read, told to people, and told to editors. */
interface Type<T> {
    /** A string that is a reference: allowed wherever a number or a boolean is. */
    String REFERENCE = "reference";

    /** The value; null: it is wrong, and that is reported. */
    @Nullable
    T read(Value value);

    /** What is allowed, for the reference page. */
    String describe();

    /** What is allowed, as JSON Schema. */
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

    /** A schema that also takes a reference. */
    static ObjectNode orReference(ObjectNode schema) {
        return anyOf(schema, JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + REFERENCE));
    }

    /** A schema of which any one must hold. */
    static ObjectNode anyOf(ObjectNode... schemas) {
        ObjectNode any = JsonNodeFactory.instance.objectNode();
        any.putArray("anyOf").addAll(List.of(schemas));
        return any;
    }
}
