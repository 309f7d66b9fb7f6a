package io.mqttrelay.bench.dashboard;

import java.util.List;
import java.util.Locale;

/** Formats values for display, in some of Grafana's units. */
final class Quantity {
    private record Step(double from, double divisor, String unit) {}

    private static final List<Step> SECONDS = List.of(
            new Step(3600, 3600, " h"), new Step(120, 60, " min"), new Step(1, 1, " s"), new Step(0, 0.001, " ms"));
    private static final List<Step> BYTES = List.of(
            new Step(1 << 30, 1 << 30, " GiB"),
            new Step(1 << 20, 1 << 20, " MiB"),
            new Step(1 << 10, 1 << 10, " KiB"),
            new Step(0, 1, " B"));
    private static final List<Step> COUNT =
            List.of(new Step(1e6, 1e6, " M"), new Step(1e4, 1e3, " K"), new Step(0, 1, ""));

    private Quantity() {}

    static String text(double value, String unit) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return switch (unit) {
            case "s" -> value == 0 ? "0 s" : scaled(value, SECONDS);
            case "ms" -> value == 0 ? "0 ms" : scaled(value / 1000, SECONDS);
            case "bytes" -> scaled(value, BYTES);
            case "percentunit" -> number(value * 100) + " %";
            case "ops" -> scaled(value, COUNT) + "/s";
            default -> scaled(value, COUNT);
        };
    }

    /** Rounds up to 1, 2 or 5 times a power of ten, in the largest unit that the value reaches. */
    static double roundUp(double value, String unit) {
        if (value <= 0) {
            return 1;
        }
        double base = 1;
        if (unit.equals("bytes")) {
            base = divisor(value, BYTES);
        } else if (unit.equals("s")) {
            base = divisor(value, SECONDS);
        }
        double power = Math.pow(10, Math.floor(Math.log10(value / base))) * base;
        for (double factor : new double[] {1, 2, 5}) {
            if (value <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static double divisor(double value, List<Step> steps) {
        return steps.stream()
                .filter(step -> value >= step.from())
                .mapToDouble(Step::divisor)
                .findFirst()
                .orElse(1);
    }

    private static String scaled(double value, List<Step> steps) {
        for (Step step : steps) {
            if (value >= step.from()) {
                return number(value / step.divisor()) + step.unit();
            }
        }
        return number(value);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
