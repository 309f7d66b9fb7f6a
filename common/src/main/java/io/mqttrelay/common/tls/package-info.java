/** TLS from PEM files, for whoever connects: what is wrong with a file is said in words. No state, no threads. */
@NullMarked
package io.mqttrelay.common.tls;

import org.jspecify.annotations.NullMarked;
