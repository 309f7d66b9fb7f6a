/**
 * {@code relay explain}: how the relay would handle a message, from the configuration alone. Calls {@link
 * io.mqttrelay.dispatch.exclude} and {@link io.mqttrelay.dispatch.sink.http}, as the real path does; uses no network.
 * Runs on the main thread.
 */
@NullMarked
package io.mqttrelay.dispatch.explain;

import org.jspecify.annotations.NullMarked;
