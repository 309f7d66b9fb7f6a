/**
 * A target that dispatch does not know: addresses {@code memory://NAME}, found by their provider's service file. The test
 * runs the whole of dispatch with it.
 */
@NullMarked
package io.mqttrelay.sinktest;

import org.jspecify.annotations.NullMarked;
