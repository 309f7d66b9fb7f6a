package io.mqttrelay.common.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A setting that a later release will honour: checked like any other, then refused, so that nobody relies on it. */
record NotYetType<T>(Type<T> type) implements Type<Boolean> {
    /** False: it is switched off, which is how this release works anyway. */
    @Override
    public @Nullable Boolean read(Value value) {
        if (value.json().isBoolean() && !value.json().booleanValue()) {
            return false;
        }
        if (type.read(value) != null) {
            value.problem("is not supported yet");
        }
        return null;
    }

    @Override
    public String describe() {
        return "`false`; not supported yet: " + type.describe();
    }

    @Override
    public ObjectNode schema() {
        ObjectNode off = Type.schemaOf("boolean");
        off.putArray("enum").add(false);
        return Type.anyOf(off, type.schema());
    }

    @Override
    public List<Section> sections() {
        return type.sections();
    }
}
