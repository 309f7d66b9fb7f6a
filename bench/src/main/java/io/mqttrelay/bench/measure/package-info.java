/** What is measured, and what becomes of it: samples of one run, medians of rounds, the file that keeps them. */
@NullMarked
package io.mqttrelay.bench.measure;

import org.jspecify.annotations.NullMarked;
