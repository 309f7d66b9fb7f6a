package io.mqttrelay.common.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The {@code --config} option, to be mixed into a command. */
public final class ConfigOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file; RELAY_CONFIG names it where this option does not.")
    private @Nullable Path file;

    /** Filled in by picocli. */
    public ConfigOption() {}

    /** The file that the option or else RELAY_CONFIG names; null: neither does. */
    public @Nullable Path file() {
        if (file != null) {
            return file;
        }
        String named = System.getenv("RELAY_CONFIG");
        return named == null || named.isBlank() ? null : Path.of(named);
    }
}
