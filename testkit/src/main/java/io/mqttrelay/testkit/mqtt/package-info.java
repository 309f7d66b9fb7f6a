/**
 * Brokers and a publisher on the near side of ingest: a real Mosquitto as a process, the embedded broker shared by a
 * JVM, and a client that knows which of its messages were acknowledged.
 */
@NullMarked
package io.mqttrelay.testkit.mqtt;

import org.jspecify.annotations.NullMarked;
