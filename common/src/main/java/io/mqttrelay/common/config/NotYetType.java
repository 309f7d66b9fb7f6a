package io.mqttrelay.common.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.config.SwitchableType.Switch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SwitchableType} that a later release will honour: checked like any other, then refused, so that nobody relies
 * on it. Off is how this release works anyway.
 */
record NotYetType<T>(Type<T> type) implements Type<Switch<T>> {
    @Override
    public @Nullable Switch<T> read(Value value) {
        Switch<T> read = new SwitchableType<>(type).read(value);
        if (read != null && read.on() != null) {
            value.problem("is not supported yet");
            return null;
        }
        return read;
    }

    @Override
    public String describe() {
        return "`false`; not supported yet: " + type.describe();
    }

    @Override
    public ObjectNode schema() {
        return new SwitchableType<>(type).schema();
    }

    @Override
    public List<Section> sections() {
        return type.sections();
    }
}
