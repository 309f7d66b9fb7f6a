/**
 * Messages from MQTT: a connection per route, its session and subscriptions, and the acknowledgement of each message
 * when it is stored. Before it: the wire, one connection over the HiveMQ client. After it: IngestPath.
 *
 * <p>{@link io.mqttrelay.ingest.mqtt.MqttSource} lives as long as the process and has one Connection after the other.
 * Session is the state that lasts from one to the next, Subscriber subscribes over each, Reconnects decides how long
 * to wait between them.
 *
 * <p>Threads: all of these belong to {@code ingest-control}; messages arrive on the client's event loops
 * ({@code ingest-mqtt-n}), which must never be blocked.
 */
@NullMarked
package io.mqttrelay.ingest.mqtt;

import org.jspecify.annotations.NullMarked;
