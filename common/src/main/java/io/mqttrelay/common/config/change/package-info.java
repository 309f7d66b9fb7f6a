/**
 * The difference between the running configuration and a changed one: which routes come, go and change, what a changed
 * route needs (a new connection, new calls, another subscription), and which settings wait for a restart. Used by the
 * reload in {@code common.cli}, {@code ingest} and {@code dispatch}. Values only; starts no threads.
 */
@NullMarked
package io.mqttrelay.common.config.change;

import org.jspecify.annotations.NullMarked;
