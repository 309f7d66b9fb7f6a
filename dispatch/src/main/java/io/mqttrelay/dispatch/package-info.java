/**
 * Delivers from Kafka to callbacks. {@link io.mqttrelay.dispatch.DispatchPath} holds the whole path of a message,
 * {@link io.mqttrelay.dispatch.DispatchService} wires it by hand. Beside the path, {@link
 * io.mqttrelay.dispatch.limit.ConcurrencyLimiter} reduces the calls in flight while processors are short.
 */
@NullMarked
package io.mqttrelay.dispatch;

import org.jspecify.annotations.NullMarked;
