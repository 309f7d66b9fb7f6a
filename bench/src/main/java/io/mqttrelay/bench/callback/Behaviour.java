package io.mqttrelay.bench.callback;

import java.util.Map;

/**
 * The behaviour of the callback in one run.
 *
 * @param expected messages that each address will get
 * @param delayMicros from a complete request to its answer
 * @param failPermille requests answered with 500, at random, in a thousand
 * @param aside an MQTT topic whose requests are not counted; -1: all are counted
 * @param blocked whether these requests are answered with 404
 */
record Behaviour(int expected, int topics, long delayMicros, int failPermille, int aside, boolean blocked) {
    static final Behaviour NONE = new Behaviour(0, 0, 0, 0, -1, false);

    static Behaviour of(Map<String, String> query) {
        return new Behaviour(
                Integer.parseInt(query.getOrDefault("expected", "0")),
                Integer.parseInt(query.getOrDefault("topics", "0")),
                Long.parseLong(query.getOrDefault("delay_micros", "0")),
                Integer.parseInt(query.getOrDefault("fail_permille", "0")),
                Integer.parseInt(query.getOrDefault("aside", "-1")),
                Boolean.parseBoolean(query.getOrDefault("blocked", "false")));
    }
}
