/**
 * Polls Kafka, hands records to {@link io.mqttrelay.dispatch.DispatchPath}, follows which of them are done, commits, and
 * pauses what there is no room for. The only place that polls and commits.
 *
 * <p>Thread: everything here belongs to {@code dispatch-consumer}, which never waits for a callback; other threads touch
 * {@link io.mqttrelay.dispatch.consume.Receipt} and {@link io.mqttrelay.dispatch.consume.Assignment} only.
 */
@NullMarked
package io.mqttrelay.dispatch.consume;

import org.jspecify.annotations.NullMarked;
