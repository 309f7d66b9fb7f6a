/**
 * Values that several parts of the configuration share: secrets, TLS settings, host and port. No I/O, starts no threads.
 */
@NullMarked
package io.mqttrelay.common.config.value;

import org.jspecify.annotations.NullMarked;
