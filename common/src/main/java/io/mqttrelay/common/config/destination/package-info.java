/**
 * The destinations of routes as values: {@link io.mqttrelay.common.config.destination.Destination} has every setting of
 * one address, resolved. {@code common.config.read} makes them, and sinks get them. No I/O, starts no threads.
 */
@NullMarked
package io.mqttrelay.common.config.destination;

import org.jspecify.annotations.NullMarked;
