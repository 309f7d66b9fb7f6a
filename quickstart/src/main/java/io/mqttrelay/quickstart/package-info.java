/**
 * Both halves of the relay in one process, for people who try it out: what their configuration does not point at is
 * embedded. Wires {@link io.mqttrelay.ingest} and {@link io.mqttrelay.dispatch} as their own processes do, between
 * {@link io.mqttrelay.embedded} servers and a demo callback; nothing else depends on it.
 *
 * <p>Started and closed by the command's thread; the demo's publisher and callback have one thread each.
 */
@NullMarked
package io.mqttrelay.quickstart;

import org.jspecify.annotations.NullMarked;
