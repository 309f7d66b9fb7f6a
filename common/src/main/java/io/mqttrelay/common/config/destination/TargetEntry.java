package io.mqttrelay.common.config.destination;

/** An entry of {@code targets}: the connection settings that a URL names in place of a host. */
public sealed interface TargetEntry permits KafkaTarget, MqttTarget, JdbcTarget {
    /** Its name in the file. */
    String name();
}
