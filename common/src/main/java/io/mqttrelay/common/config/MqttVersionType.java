package io.mqttrelay.common.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** 5, or 3 for MQTT 3.1.1. */
record MqttVersionType() implements Type<MqttVersion> {
    private static final IntegerType NUMBER = new IntegerType(3, 5);

    @Override
    public @Nullable MqttVersion read(Value value) {
        if (!value.json().isIntegralNumber() && !value.isReference()) {
            value.expected(describe());
            return null;
        }
        Integer number = NUMBER.read(value);
        if (number == null) {
            return null;
        }
        if (number == 4) {
            value.expected(describe());
            return null;
        }
        return number == 5 ? MqttVersion.V5 : MqttVersion.V3_1_1;
    }

    @Override
    public String describe() {
        return "5 or 3";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode versions = Type.schemaOf("integer");
        versions.putArray("enum").add(5).add(3);
        return Type.orReference(versions);
    }

    @Override
    public boolean takesNull() {
        return false;
    }
}
