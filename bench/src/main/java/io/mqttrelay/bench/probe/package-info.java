/** Looks on while messages pass: where they spend their time. */
@NullMarked
package io.mqttrelay.bench.probe;

import org.jspecify.annotations.NullMarked;
