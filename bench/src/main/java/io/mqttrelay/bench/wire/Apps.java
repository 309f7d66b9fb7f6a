package io.mqttrelay.bench.wire;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The apps that messages belong to: an MQTT topic belongs to one of them.
 *
 * @param base name of the only one, and what the names of several begin with
 */
public record Apps(String base, int count) {
    /** Just this one. */
    public static Apps one(String name) {
        return new Apps(name, 1);
    }

    /** All their names. */
    public List<String> names() {
        return IntStream.range(0, count).mapToObj(this::name).toList();
    }

    /** Whose this MQTT topic is. */
    public String of(int topic) {
        return name(topic % count);
    }

    private String name(int index) {
        return count == 1 ? base : base + "-" + index;
    }
}
