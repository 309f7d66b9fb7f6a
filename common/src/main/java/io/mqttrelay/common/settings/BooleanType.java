package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** True or false. */
public record BooleanType() implements Type<Boolean> {
    @Override
    public @Nullable Boolean read(Value value) {
        if (value.json().isBoolean()) {
            return value.json().booleanValue();
        }
        if (value.isReference()) {
            String text = value.text();
            if (text == null) {
                return null;
            }
            if (text.equals("true") || text.equals("false")) {
                return text.equals("true");
            }
        }
        value.expected("true or false");
        return null;
    }

    @Override
    public String describe() {
        return "`true`, `false`";
    }

    @Override
    public ObjectNode schema() {
        return Type.orReference(Type.schemaOf("boolean"));
    }

    @Override
    public boolean takesNull() {
        return false;
    }
}
