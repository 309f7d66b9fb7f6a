/** Tables and charts of the page about benchmarks, made from the results that are kept. */
@NullMarked
package io.mqttrelay.bench.report;

import org.jspecify.annotations.NullMarked;
