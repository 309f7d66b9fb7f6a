package io.mqttrelay.bench.report;

import java.util.Locale;

/**
 * A displayed figure.
 *
 * @param figure its name in results
 * @param digits after the decimal point
 */
record Column(String figure, String heading, int digits) {
    String text(double value) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
