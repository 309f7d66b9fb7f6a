/**
 * The conventions of the benchmark's processes: self-identifying messages, arguments, and the end with the parent
 * process.
 */
@NullMarked
package io.mqttrelay.bench.wire;

import org.jspecify.annotations.NullMarked;
