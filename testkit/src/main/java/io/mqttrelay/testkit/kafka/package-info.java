/**
 * The middle, seen from outside: one embedded Kafka per JVM, topics made for one test, and plain readers of what lies
 * in them. Used by tests on the test's own thread.
 */
@NullMarked
package io.mqttrelay.testkit.kafka;

import org.jspecify.annotations.NullMarked;
