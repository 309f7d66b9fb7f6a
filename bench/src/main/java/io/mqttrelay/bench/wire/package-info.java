/** What the processes of a benchmark agree on: how a message tells which one it is, arguments, an end with the parent. */
@NullMarked
package io.mqttrelay.bench.wire;

import org.jspecify.annotations.NullMarked;
