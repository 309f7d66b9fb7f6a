/** Clocks and timers that only a test moves, for tests of code that waits. Starts no threads. */
@NullMarked
package io.mqttrelay.testkit.time;

import org.jspecify.annotations.NullMarked;
