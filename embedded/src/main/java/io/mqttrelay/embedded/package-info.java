/**
 * The two servers on both sides of the relay, in this process: Kafka's own server and an MQTT broker. Used by the
 * quickstart and by tests, never by {@code relay ingest} or {@code relay dispatch}.
 *
 * <p>Both listen on loopback only. Each has its own threads; one owner calls {@code start}, {@code stop} and
 * {@code close}, one at a time.
 */
@NullMarked
package io.mqttrelay.embedded;

import org.jspecify.annotations.NullMarked;
