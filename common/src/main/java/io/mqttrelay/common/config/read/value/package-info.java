/**
 * Reads values that several sections of the file have: hosts, and TLS settings with their PEM files. Reads files, opens
 * no connection, starts no threads.
 */
@NullMarked
package io.mqttrelay.common.config.read.value;

import org.jspecify.annotations.NullMarked;
