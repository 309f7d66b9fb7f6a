/** Creates the tables and charts of the benchmarks page from the results file. */
@NullMarked
package io.mqttrelay.bench.report;

import org.jspecify.annotations.NullMarked;
