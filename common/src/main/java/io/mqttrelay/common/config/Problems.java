package io.mqttrelay.common.config;

import io.mqttrelay.common.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with a file, and what its author may want to know, in the order it was found. */
final class Problems {
    private final String file;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** @param file as the user named it: every line starts with it */
    Problems(String file) {
        this.file = Printable.escape(file);
    }

    void add(String what) {
        problems.add(file + ": " + what);
    }

    void add(JsonPath path, String what) {
        add(path + ": " + what);
    }

    void warn(JsonPath path, String what) {
        String line = file + ": " + path + ": " + what;
        if (!warnings.contains(line)) { // a value may be read more than once
            warnings.add(line);
        }
    }

    boolean none() {
        return problems.isEmpty();
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
