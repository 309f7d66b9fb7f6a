package io.mqttrelay.common.config;

import io.mqttrelay.common.config.destination.JdbcTarget;
import io.mqttrelay.common.config.destination.KafkaTarget;
import io.mqttrelay.common.config.destination.MqttTarget;
import java.util.List;

/** The entries of {@code targets}, in the file's order. */
public record TargetSettings(List<KafkaTarget> kafka, List<MqttTarget> mqtt, List<JdbcTarget> jdbc) {
    /** No entry. */
    public static final TargetSettings NONE = new TargetSettings(List.of(), List.of(), List.of());

    public TargetSettings {
        kafka = List.copyOf(kafka);
        mqtt = List.copyOf(mqtt);
        jdbc = List.copyOf(jdbc);
    }
}
