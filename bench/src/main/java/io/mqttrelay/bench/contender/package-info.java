/**
 * The alternatives to the relay: programs that users would write or choose, each as a separate process in the same
 * run.
 */
@NullMarked
package io.mqttrelay.bench.contender;

import org.jspecify.annotations.NullMarked;
