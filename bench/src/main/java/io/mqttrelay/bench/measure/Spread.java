package io.mqttrelay.bench.measure;

import java.util.List;

/** The minimum, median and maximum of a figure over the rounds. */
public record Spread(double least, double median, double most) {
    /**
     * Computes the spread of all rounds.
     *
     * @param values at least one
     */
    public static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1));
    }
}
