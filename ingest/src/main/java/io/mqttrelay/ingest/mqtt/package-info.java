/**
 * Messages from MQTT: a connection per route, its session and subscriptions, and the acknowledgement of each message
 * when it is stored. The only place for the HiveMQ client. After it: IngestPath.
 *
 * <p>Threads: {@link io.mqttrelay.ingest.mqtt.MqttSource} belongs to {@code ingest-control}; messages arrive on the
 * client's event loops ({@code ingest-mqtt-n}), which must never be blocked.
 */
@NullMarked
package io.mqttrelay.ingest.mqtt;

import org.jspecify.annotations.NullMarked;
