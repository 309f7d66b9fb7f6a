package io.mqttrelay.common.config;

import java.util.List;

/** What reading a configuration gave. Bad input is a value, never an exception. */
public sealed interface ConfigResult {
    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R valid(Valid valid);

        R invalid(Invalid invalid);
    }

    <R> R match(Cases<R> cases);

    /**
     * The file can be worked with.
     *
     * @param warnings one line each, {@code FILE: $.path: what}, without secrets; to be logged once, at the start
     */
    record Valid(RelayConfig config, List<String> warnings) implements ConfigResult {
        public Valid {
            warnings = List.copyOf(warnings);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.valid(this);
        }
    }

    /**
     * The file cannot be worked with.
     *
     * @param problems all of them, one line each, {@code FILE: $.path: what}, without secrets; never empty
     */
    record Invalid(List<String> problems) implements ConfigResult {
        public Invalid {
            problems = List.copyOf(problems);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.invalid(this);
        }
    }
}
