package io.mqttrelay.bench.run;

import java.time.Duration;
import java.util.List;

/**
 * What a contender meets.
 *
 * @param delay from a complete request to its answer
 * @param failPermille requests answered with 500, in a thousand
 * @param paths where every message goes; {@code /a} is the one that is watched
 */
record Conditions(Duration delay, int failPermille, List<String> paths) {
    static final Conditions INSTANT = new Conditions(Duration.ZERO, 0, List.of("/a"));

    Conditions {
        paths = List.copyOf(paths);
    }

    Conditions delay(Duration other) {
        return new Conditions(other, failPermille, paths);
    }

    Conditions failing(int permille) {
        return new Conditions(delay, permille, paths);
    }

    Conditions to(String... others) {
        return new Conditions(delay, failPermille, List.of(others));
    }
}
