/**
 * Back-pressure: decides which partitions the group consumer reads, which addresses fall behind, which lanes are blocked
 * to give room to others, and which fetched data Kafka's client keeps. It reads the positions of {@code
 * dispatch.position} and the memory accounts of {@code dispatch.window}.
 *
 * <p>Thread: {@code dispatch-consumer}.
 */
@NullMarked
package io.mqttrelay.dispatch.flow;

import org.jspecify.annotations.NullMarked;
