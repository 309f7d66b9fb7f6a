/**
 * Makes an {@link io.mqttrelay.dispatch.deliver.Outcome} durable: a delivered message is, a dead one is when Kafka has its
 * dead letter. Only then may its offset be completed.
 *
 * <p>Threads: any may settle; dead letters are written by {@code dispatch-dead-letters}, which owns the producer.
 */
@NullMarked
package io.mqttrelay.dispatch.settle;

import org.jspecify.annotations.NullMarked;
