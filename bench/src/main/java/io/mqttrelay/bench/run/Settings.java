package io.mqttrelay.bench.run;

import java.time.Duration;
import java.util.Set;

/**
 * What may be told to the benchmark.
 *
 * @param records messages of a turn
 * @param topics MQTT topics that they go round
 * @param bytes of a payload
 * @param contenders who takes part; empty: everybody
 * @param limit of one turn: slow contenders are measured until then
 * @param smoke whether only is looked at whether everything works
 */
record Settings(
        int records,
        int rounds,
        int topics,
        int bytes,
        int partitions,
        Set<String> contenders,
        Duration limit,
        boolean smoke) {
    Settings {
        contenders = Set.copyOf(contenders);
    }

    /** As the others, and short. */
    static Settings warmUp() {
        return new Settings(200_000, 1, 1000, 256, 12, Set.of(), Duration.ofSeconds(30), false);
    }

    /** The same with so many times the messages. */
    Settings times(int times) {
        return new Settings(records * times, rounds, topics, bytes, partitions, contenders, limit, smoke);
    }

    boolean takesPart(String contender) {
        return contenders.isEmpty() || contenders.contains(contender);
    }
}
