package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.ConfigReader;
import io.mqttrelay.common.config.ConfigResult;
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

    /**
     * The configuration that the file holds.
     *
     * @throws UsageException with every problem of the file, or because none is named
     */
    public ConfigResult.Valid load() throws UsageException {
        Path named = file();
        if (named == null) {
            throw new UsageException("--config FILE is missing, and RELAY_CONFIG names no file either");
        }
        return valid(ConfigReader.read(named, System::getenv));
    }

    private static ConfigResult.Valid valid(ConfigResult result) throws UsageException {
        if (result instanceof ConfigResult.Invalid invalid) {
            throw new UsageException(invalid.problems());
        }
        return (ConfigResult.Valid) result;
    }
}
