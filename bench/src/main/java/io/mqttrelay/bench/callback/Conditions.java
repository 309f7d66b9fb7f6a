package io.mqttrelay.bench.callback;

import java.time.Duration;
import java.util.List;

/**
 * The conditions of a contender's turn.
 *
 * @param delay from a complete request to its answer
 * @param failPermille requests answered with 500, in a thousand
 * @param paths the addresses of every message; {@code /a} is observed
 * @param aside an MQTT topic whose messages are not counted; -1: all are counted
 * @param blocked whether that topic's messages always get 404
 */
public record Conditions(Duration delay, int failPermille, List<String> paths, int aside, boolean blocked) {
    public static final Conditions INSTANT = new Conditions(Duration.ZERO, 0, List.of("/a"), -1, false);

    public Conditions {
        paths = List.copyOf(paths);
    }

    public Conditions delay(Duration other) {
        return new Conditions(other, failPermille, paths, aside, blocked);
    }

    public Conditions failing(int permille) {
        return new Conditions(delay, permille, paths, aside, blocked);
    }

    public Conditions to(String... others) {
        return new Conditions(delay, failPermille, List.of(others), aside, blocked);
    }

    public Conditions aside(int topic, boolean isBlocked) {
        return new Conditions(delay, failPermille, paths, topic, isBlocked);
    }

    /** The number of counted messages among {@code records}, which are divided among the MQTT topics in turn. */
    public int counted(int records, int topics) {
        return aside < 0 ? records : records - (records - aside + topics - 1) / topics;
    }
}
