/**
 * Reads the configuration file and the environment into the records of {@code common.config}, and reports every problem
 * at once. A {@code Section} class holds the keys of one object of the file, a {@code Reader} class makes the record and
 * checks rules that span several keys; {@link io.mqttrelay.common.config.read.ConfigReader} holds the whole file. The
 * engine below is {@code common.settings}. Starts no threads.
 */
@NullMarked
package io.mqttrelay.common.config.read;

import org.jspecify.annotations.NullMarked;
