package io.mqttrelay.bench.report;

import java.util.Locale;

/**
 * A figure as people read it.
 *
 * @param figure its name in results
 * @param digits behind the point
 */
record Column(String figure, String heading, int digits) {
    String text(double value) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
