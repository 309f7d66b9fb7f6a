/**
 * Brokers and a publisher for tests of ingest: a real Mosquitto as a process, the embedded broker shared by a JVM,
 * and a client that records which of its messages were acknowledged.
 */
@NullMarked
package io.mqttrelay.testkit.mqtt;

import org.jspecify.annotations.NullMarked;
