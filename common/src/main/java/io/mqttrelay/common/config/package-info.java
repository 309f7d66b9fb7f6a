/**
 * The configuration as values: one record for each part of the file. {@code common.config.read} makes them from the
 * file, {@code common.config.change} compares them, and each component gets its own part. No I/O, starts no threads.
 */
@NullMarked
package io.mqttrelay.common.config;

import org.jspecify.annotations.NullMarked;
