/** The main process of the benchmark and its scenarios: starts the other processes, measures them in turns, ends them. */
@NullMarked
package io.mqttrelay.bench.run;

import org.jspecify.annotations.NullMarked;
