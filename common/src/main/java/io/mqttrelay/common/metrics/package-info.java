/** The meters of one process as an object (Micrometer), handed to constructors, never static. Thread-safe. */
@NullMarked
package io.mqttrelay.common.metrics;

import org.jspecify.annotations.NullMarked;
