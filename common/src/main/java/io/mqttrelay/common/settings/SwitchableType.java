package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A setting that {@code false} switches off. */
public record SwitchableType<T>(Type<T> type) implements Type<SwitchableType.Switch<T>> {
    /**
     * The setting, or that it is off.
     *
     * @param on the setting; null: off
     */
    public record Switch<T>(@Nullable T on) {}

    @Override
    public @Nullable Switch<T> read(Value value) {
        if (value.json().isBoolean() && !value.json().booleanValue()) {
            return new Switch<>(null);
        }
        T on = type.read(value);
        return on == null ? null : new Switch<>(on);
    }

    @Override
    public String describe() {
        return "`false`, or " + type.describe();
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
