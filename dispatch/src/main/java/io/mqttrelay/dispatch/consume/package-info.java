/**
 * Polls Kafka, hands records to {@link io.mqttrelay.dispatch.DispatchPath}, tracks which offsets are complete, commits
 * offsets, and pauses partitions while memory is full. No other package polls or commits as a member of the group.
 *
 * <p>Thread: everything here belongs to {@code dispatch-consumer}, which never waits for a callback. Call threads use
 * {@link io.mqttrelay.dispatch.consume.Receipt} and {@link io.mqttrelay.dispatch.consume.Assignment}; other methods for any
 * thread name that in their comments.
 */
@NullMarked
package io.mqttrelay.dispatch.consume;

import org.jspecify.annotations.NullMarked;
