/** The benchmark's own process: starts the others, measures them in turns, ends them. */
@NullMarked
package io.mqttrelay.bench.run;

import org.jspecify.annotations.NullMarked;
