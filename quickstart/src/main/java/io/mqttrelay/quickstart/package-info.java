/**
 * Both halves of the relay in one process, for a first try. Servers that the user's configuration does not provide
 * are embedded. It wires {@link io.mqttrelay.ingest} and {@link io.mqttrelay.dispatch} as their own processes do,
 * between {@link io.mqttrelay.embedded} servers and a demo callback. No other package depends on it.
 *
 * <p>Started and closed by the command's thread; the demo's publisher and callback have their own threads.
 */
@NullMarked
package io.mqttrelay.quickstart;

import org.jspecify.annotations.NullMarked;
