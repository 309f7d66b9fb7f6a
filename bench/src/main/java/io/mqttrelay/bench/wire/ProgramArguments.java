package io.mqttrelay.bench.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a benchmark process, each as {@code name=value}. */
public record ProgramArguments(Map<String, String> values) {
    public ProgramArguments {
        values = Map.copyOf(values);
    }

    public static ProgramArguments of(String... words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not name=value: " + word);
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new ProgramArguments(values);
    }

    /** The arguments of a command line. */
    public List<String> words() {
        return values.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .sorted()
                .toList();
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("missing: " + name + "=");
        }
        return value;
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }
}
