/** JMH benchmarks of the code that every message passes. {@code bench/run --micro} runs them. */
@NullMarked
package io.mqttrelay.bench.micro;

import org.jspecify.annotations.NullMarked;
