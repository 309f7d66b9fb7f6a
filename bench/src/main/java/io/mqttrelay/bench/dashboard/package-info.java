/**
 * Draws a picture of the dashboard from the data of a running Prometheus: for documents, and for machines without
 * Grafana.
 */
@NullMarked
package io.mqttrelay.bench.dashboard;

import org.jspecify.annotations.NullMarked;
