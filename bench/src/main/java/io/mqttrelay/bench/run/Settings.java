package io.mqttrelay.bench.run;

import java.time.Duration;
import java.util.Set;

/**
 * The settings of the benchmark.
 *
 * @param records messages of a turn
 * @param topics MQTT topics among which the messages are divided
 * @param bytes of a payload
 * @param contenders the participants; empty: all
 * @param limit of one turn: slow contenders are measured until then
 * @param smoke whether the run only checks that everything works
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

    /** The usual settings for a short run. */
    static Settings warmUp() {
        return new Settings(200_000, 1, 1000, 256, 12, Set.of(), Duration.ofSeconds(30), false);
    }

    /** A copy with {@code times} as many messages. */
    Settings times(int times) {
        return new Settings(records * times, rounds, topics, bytes, partitions, contenders, limit, smoke);
    }

    /** A copy with another number of MQTT topics. */
    Settings topics(int others) {
        return new Settings(records, rounds, others, bytes, partitions, contenders, limit, smoke);
    }

    boolean takesPart(String contender) {
        return contenders.isEmpty() || contenders.contains(contender);
    }
}
