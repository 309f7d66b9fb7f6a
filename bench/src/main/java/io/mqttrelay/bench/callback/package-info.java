/**
 * The callback: a small HTTP/1.1 server in a separate process with one thread, much cheaper than the measured
 * program. It counts messages and detects lost, repeated and reordered ones. {@link io.mqttrelay.bench.callback.CallbackProcess}
 * starts it and asks for its counts.
 */
@NullMarked
package io.mqttrelay.bench.callback;

import org.jspecify.annotations.NullMarked;
