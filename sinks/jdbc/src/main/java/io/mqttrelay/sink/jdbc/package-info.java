/**
 * Databases as targets: addresses {@code jdbc://NAME} with a {@code statement}. {@link
 * io.mqttrelay.sink.jdbc.JdbcSinkProvider} checks them, {@link io.mqttrelay.sink.jdbc.JdbcCall} runs one transaction.
 * Dispatch finds the provider by its service file, and calls it on its call threads.
 */
@NullMarked
package io.mqttrelay.sink.jdbc;

import org.jspecify.annotations.NullMarked;
