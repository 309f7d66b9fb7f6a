/**
 * {@code relay explain}: what the relay would do with a message, from the configuration alone. Asks
 * {@link io.mqttrelay.dispatch.exclude} and {@link io.mqttrelay.dispatch.sink.http}, as the real path does; touches no
 * network. Runs on the main thread.
 */
@NullMarked
package io.mqttrelay.dispatch.explain;

import org.jspecify.annotations.NullMarked;
