package io.mqttrelay.common.config.value;

import io.mqttrelay.common.topic.EverythingManager;

/** Stands for the product's class, and closes a cycle. */
public final class Secret {
    public String reveal() {
        return new EverythingManager().toString();
    }
}
