/**
 * TLS from PEM files for all connections. Problems of a file are reported as text for the operator. No state, no
 * threads.
 */
@NullMarked
package io.mqttrelay.common.tls;

import org.jspecify.annotations.NullMarked;
