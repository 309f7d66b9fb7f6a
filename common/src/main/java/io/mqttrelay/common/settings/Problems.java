package io.mqttrelay.common.settings;

import io.mqttrelay.common.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The problems and warnings of a file, in the order in which they were found. */
final class Problems {
    private final String file;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>(); // a set, because a value may be read more than once

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
        warnings.add(file + ": " + path + ": " + what);
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
