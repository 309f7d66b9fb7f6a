package io.mqttrelay.bench.dashboard;

import java.util.List;

/**
 * A line of a panel.
 *
 * @param values one for each step of the range; NaN: missing
 */
record Series(String name, List<Double> values) {
    Series {
        values = List.copyOf(values);
    }

    /** The last value; NaN: there is none. */
    double last() {
        for (int i = values.size() - 1; i >= 0; i--) {
            if (!values.get(i).isNaN()) {
                return values.get(i);
            }
        }
        return Double.NaN;
    }

    /** The largest value; 0: there is none. */
    double most() {
        return values.stream()
                .filter(value -> !value.isNaN())
                .mapToDouble(value -> value)
                .max()
                .orElse(0);
    }
}
