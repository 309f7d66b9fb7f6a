/**
 * Finds the offset at which the consumer reads a partition: the committed offset, the log start offset, or another one
 * where a log was truncated or its topic was recreated. Kafka's answers are never waited for, except those of the group
 * coordinator.
 *
 * <p>Thread: {@code dispatch-consumer}.
 */
@NullMarked
package io.mqttrelay.dispatch.place;

import org.jspecify.annotations.NullMarked;
