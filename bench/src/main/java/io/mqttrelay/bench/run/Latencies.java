package io.mqttrelay.bench.run;

/** Latencies on arrival, microseconds. */
record Latencies(long p50, long p99, long p999, long max) {}
