/** Meters as objects (Micrometer), never static. */
@NullMarked
package io.mqttrelay.common.metrics;

import org.jspecify.annotations.NullMarked;
