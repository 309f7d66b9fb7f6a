package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.RelayConfig;
import java.util.List;

/** The result of reading a configuration. Bad input is a value, never an exception. */
public sealed interface ConfigResult {
    /** One method for each case, so that a forgotten case does not compile. */
    interface Cases<R> {
        R valid(Valid valid);

        R invalid(Invalid invalid);
    }

    <R> R match(Cases<R> cases);

    /**
     * The file is valid.
     *
     * @param warnings one line each, {@code FILE: $.path: text}, without secrets; to be logged once, at the start
     * @param differences the settings of a file of the original program that have another meaning here, one line
     *     each, {@code $.path: text}; empty for any other file
     */
    record Valid(RelayConfig config, List<String> warnings, List<String> differences) implements ConfigResult {
        public Valid {
            warnings = List.copyOf(warnings);
            differences = List.copyOf(differences);
        }

        /** The result for a file that was not written for the original program. */
        public Valid(RelayConfig config, List<String> warnings) {
            this(config, warnings, List.of());
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.valid(this);
        }
    }

    /**
     * The file is not valid.
     *
     * @param problems all of them, one line each, {@code FILE: $.path: text}, without secrets; never empty
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
