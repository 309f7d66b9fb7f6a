/** Observes messages between the processes, to find where they spend their time. */
@NullMarked
package io.mqttrelay.bench.probe;

import org.jspecify.annotations.NullMarked;
