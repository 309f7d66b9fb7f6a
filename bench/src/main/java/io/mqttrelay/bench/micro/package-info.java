/**
 * JMH benchmarks of the product's public classes that every message passes. {@code bench/run --micro} runs them. The
 * only package here that uses a class of the services.
 */
@NullMarked
package io.mqttrelay.bench.micro;

import org.jspecify.annotations.NullMarked;
