package io.mqttrelay.common.config.read;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Limits of Kafka client settings outside of which the client works but the relay does not. */
final class KafkaBounds {
    /**
     * The range of values with which the relay works.
     *
     * @param because the effect of a value outside of the range
     */
    private record Bound(long least, long most, String because) {
        String text() {
            String range = most == NO_LIMIT ? "at least " + least : least + ".." + most;
            return range + ", because " + because;
        }
    }

    private static final int KB = 1024;
    private static final int MB = 1024 * KB;
    private static final long NO_LIMIT = Long.MAX_VALUE;
    private static final String RECOVERY = "the relay would be idle for as long after Kafka is back";

    private static final String ANSWERS = "a broker that is busy takes as long to answer";

    private static final Map<String, Bound> BOUNDS = Map.ofEntries(
            entry("buffer.memory", 32L * MB, NO_LIMIT, "it must hold the messages that wait for Kafka"),
            entry(
                    "max.request.size",
                    128L * KB,
                    NO_LIMIT,
                    "it must take the dead letter of a message that is too large"),
            entry("batch.size", 0, MB, "each partition with messages under way takes up as much memory"),
            entry("linger.ms", 0, 1000, "each message would wait as long"),
            entry("retry.backoff.max.ms", 0, 60_000, RECOVERY),
            entry("reconnect.backoff.max.ms", 0, 60_000, RECOVERY),
            entry("metadata.max.age.ms", 1000, 3_600_000, "a new leader or partition is found by it"),
            entry("request.timeout.ms", 1000, 300_000, ANSWERS),
            entry("default.api.timeout.ms", 1000, 600_000, ANSWERS),
            entry("fetch.max.wait.ms", 0, 5000, "a partition without news holds up the others as long"),
            entry(
                    "session.timeout.ms",
                    1000,
                    600_000,
                    "a pause of the process must not cost it its partitions, and those of one that died stand still as long"));

    private static Map.Entry<String, Bound> entry(String name, long least, long most, String because) {
        return Map.entry(name, new Bound(least, most, because));
    }

    private KafkaBounds() {}

    /** The problem of a value; null: it is within its limits. */
    static @Nullable String problem(String name, Object parsed) {
        Bound bound = BOUNDS.get(name);
        if (bound == null || !(parsed instanceof Number number)) {
            return null;
        }
        long value = number.longValue();
        if (value >= bound.least && value <= bound.most) {
            return null;
        }
        return "must be " + bound.text();
    }

    /** The settings and their limits, for the reference page. */
    static SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        BOUNDS.forEach((name, bound) -> texts.put(name, bound.text()));
        return texts;
    }
}
