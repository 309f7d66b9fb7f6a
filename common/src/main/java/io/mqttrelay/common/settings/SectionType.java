package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An object with keys of its own. */
public record SectionType(Section section) implements Type<Fields> {
    @Override
    public @Nullable Fields read(Value value) {
        return Fields.of(value, section);
    }

    @Override
    public String describe() {
        return "[" + section.name() + "](#" + section.anchor() + ")";
    }

    @Override
    public ObjectNode schema() {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + section.anchor());
    }

    @Override
    public List<Section> sections() {
        return List.of(section);
    }
}
