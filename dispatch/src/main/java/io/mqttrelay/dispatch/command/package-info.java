/**
 * The commands of the dispatch application: {@code relay dispatch}, {@code explain}, {@code dead-letters} and {@code
 * replay}, with their options and output. The commands for dead letters call {@link io.mqttrelay.dispatch.deadletter}.
 * {@code explain} makes requests from the configuration alone, with the code of the real path ({@link
 * io.mqttrelay.dispatch.route}, {@link io.mqttrelay.dispatch.sink}), and uses no network.
 *
 * <p>A command runs on the main thread of its process.
 */
@NullMarked
package io.mqttrelay.dispatch.command;

import org.jspecify.annotations.NullMarked;
