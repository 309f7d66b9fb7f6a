/**
 * Polls Kafka, hands records to {@link io.mqttrelay.dispatch.DispatchPath}, commits offsets, gives partitions away at a
 * rebalance, and reads again for addresses that are behind. No other package polls or commits as a member of the group.
 * {@link io.mqttrelay.dispatch.consume.ConsumerLoop} runs the steps of these packages in one fixed order: {@code place},
 * {@code reload}, {@code flow}, {@code position}, {@code observe}.
 *
 * <p>Thread: everything here belongs to {@code dispatch-consumer}, which never waits for a callback. Methods for any
 * thread name that in their comments.
 */
@NullMarked
package io.mqttrelay.dispatch.consume;

import org.jspecify.annotations.NullMarked;
