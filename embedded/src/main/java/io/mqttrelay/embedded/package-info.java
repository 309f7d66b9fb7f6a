/**
 * The two servers that the relay stands between, in this process: Kafka's own server and an MQTT broker. Used by the
 * quickstart and by tests, never by {@code relay ingest} or {@code relay dispatch}.
 *
 * <p>Both listen on loopback only. Each has threads of its own; {@code start}, {@code stop} and {@code close} are called
 * by one owner, one after the other.
 */
@NullMarked
package io.mqttrelay.embedded;

import org.jspecify.annotations.NullMarked;
