/**
 * Kafka in memory, for tests of code that consumes: logs, one consumer group, group members and consumers without a
 * group. It has no threads and no time: everything happens inside the calls of the consumers, and a
 * {@link io.mqttrelay.testkit.fakekafka.Network} decides it. So a test with a seed has one schedule.
 *
 * <p>It behaves as Kafka's own client and brokers do where {@code dispatch.consume} depends on them; a method that is
 * not simulated throws.
 */
@NullMarked
package io.mqttrelay.testkit.fakekafka;

import org.jspecify.annotations.NullMarked;
