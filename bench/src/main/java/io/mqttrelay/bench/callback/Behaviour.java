package io.mqttrelay.bench.callback;

import java.util.Map;

/**
 * How the callback answers in one run.
 *
 * @param expected messages that will come to each address
 * @param delayMicros from a complete request to its answer
 * @param failPermille requests answered with 500, by chance, in a thousand
 */
record Behaviour(int expected, int topics, long delayMicros, int failPermille) {
    static final Behaviour NONE = new Behaviour(0, 0, 0, 0);

    static Behaviour of(Map<String, String> query) {
        return new Behaviour(
                Integer.parseInt(query.getOrDefault("expected", "0")),
                Integer.parseInt(query.getOrDefault("topics", "0")),
                Long.parseLong(query.getOrDefault("delay_micros", "0")),
                Integer.parseInt(query.getOrDefault("fail_permille", "0")));
    }
}
