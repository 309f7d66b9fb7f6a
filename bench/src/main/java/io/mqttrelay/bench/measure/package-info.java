/** Measurements and their results: samples of one run, medians of rounds, the results file. */
@NullMarked
package io.mqttrelay.bench.measure;

import org.jspecify.annotations.NullMarked;
