/**
 * Makes an {@link io.mqttrelay.dispatch.settle.Outcome} durable. A delivered message is durable at once, a dead one
 * when Kafka has stored its dead letter. Only then may its offset be completed.
 *
 * <p>Threads: any may settle; dead letters are written by {@code dispatch-dead-letters}, which owns the producer.
 */
@NullMarked
package io.mqttrelay.dispatch.settle;

import org.jspecify.annotations.NullMarked;
