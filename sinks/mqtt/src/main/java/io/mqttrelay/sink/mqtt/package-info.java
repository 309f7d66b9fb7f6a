/**
 * MQTT brokers as targets: addresses {@code mqtt://NAME/TOPIC}. {@link io.mqttrelay.dispatch.sink.OrderedSink} publishes
 * each message by itself. {@link io.mqttrelay.sink.mqtt.TargetBroker} has the connection of one target, which its addresses
 * share. PUBACKs arrive on event loops {@code sink-mqtt-n}; connections are made on threads {@code sink-mqtt-connect-n}.
 */
@NullMarked
package io.mqttrelay.sink.mqtt;

import org.jspecify.annotations.NullMarked;
