package io.mqttrelay.bench.wire;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The apps of a run; each MQTT topic belongs to one of them.
 *
 * @param base the name of a single app, or the prefix of several names
 */
public record AppNames(String base, int count) {
    /** A single app. */
    public static AppNames one(String name) {
        return new AppNames(name, 1);
    }

    /** The names of all apps. */
    public List<String> names() {
        return IntStream.range(0, count).mapToObj(this::name).toList();
    }

    /** The app of this MQTT topic. */
    public String of(int topic) {
        return name(topic % count);
    }

    private String name(int index) {
        return count == 1 ? base : base + "-" + index;
    }
}
