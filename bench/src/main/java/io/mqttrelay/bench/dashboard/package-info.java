/** A picture of the dashboard, drawn from what a running Prometheus has: for documents, and where there is no Grafana. */
@NullMarked
package io.mqttrelay.bench.dashboard;

import org.jspecify.annotations.NullMarked;
