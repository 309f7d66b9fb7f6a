/**
 * Kafka for tests: one embedded Kafka per JVM, topics for one test, and plain readers of their records. Used on the
 * test's own thread.
 */
@NullMarked
package io.mqttrelay.testkit.kafka;

import org.jspecify.annotations.NullMarked;
