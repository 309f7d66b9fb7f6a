/**
 * The position of each address in each assigned partition: its deliveries in memory, its unread offsets, its blocked
 * lanes, and the offset to commit. A reader of Kafka brings each record as a {@link
 * io.mqttrelay.dispatch.position.RecordContext}; an address that takes it gets an {@link io.mqttrelay.dispatch.position.OffsetState},
 * which its delivery completes. Nothing here calls Kafka; the progress is encoded in {@code dispatch.progress}.
 *
 * <p>Thread: {@code dispatch-consumer}. Call threads use {@link io.mqttrelay.dispatch.position.OffsetState} and {@link
 * io.mqttrelay.dispatch.position.Assignment}; methods for any thread say so.
 */
@NullMarked
package io.mqttrelay.dispatch.position;

import org.jspecify.annotations.NullMarked;
