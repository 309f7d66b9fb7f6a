package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.read.ConfigFile;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.kafka.ClientCheck;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code --config} option, a mixin for commands. */
public final class ConfigOption {
    private final Function<String, @Nullable String> environment;
    private final AddressSchemes schemes;
    private @Nullable ConfigFile read;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file; RELAY_CONFIG names it where this option does not.")
    private @Nullable String file;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /**
     * An option that reads the environment of this process.
     *
     * @param schemes that addresses of the configuration may have
     */
    public ConfigOption(AddressSchemes schemes) {
        this(System::getenv, schemes);
    }

    ConfigOption(Function<String, @Nullable String> environment, AddressSchemes schemes) {
        this.environment = environment;
        this.schemes = schemes;
    }

    /** The file named by the option or else by RELAY_CONFIG; null: neither names one. */
    public @Nullable Path file() throws UsageException {
        String named = file != null ? file : environment.apply("RELAY_CONFIG");
        if (named == null || named.isBlank()) {
            return null;
        }
        try {
            return Path.of(named);
        } catch (InvalidPathException e) {
            throw new UsageException(command() + "--config: not the name of a file: " + e.getReason());
        }
    }

    /**
     * Reads the configuration, with the warnings to be logged once the log is set up.
     *
     * @throws UsageException no file is named, or the file has problems: all of them
     */
    public ConfigResult.Valid load() throws UsageException {
        Path path = file();
        if (path == null) {
            throw new UsageException(command() + "which configuration? name it with --config FILE, or in RELAY_CONFIG");
        }
        ConfigResult result = read(path);
        if (result instanceof ConfigResult.Invalid invalid) {
            throw new UsageException(invalid.problems());
        }
        return (ConfigResult.Valid) result;
    }

    /** Reads the configuration again, with problems or without. {@link #load} must have found the file before. */
    public ConfigResult readAgain() {
        try {
            Path path = file();
            return path == null ? new ConfigResult.Invalid(List.of("no configuration is named any more")) : read(path);
        } catch (UsageException e) {
            return new ConfigResult.Invalid(List.of(String.valueOf(e.getMessage())));
        }
    }

    private ConfigResult read(Path path) {
        ConfigFile known = read;
        if (known == null || !known.path().equals(path)) {
            known = new ConfigFile(path, environment, new ClientCheck(), schemes);
            read = known;
        }
        return known.read();
    }

    /** The prefix of this command's error messages. */
    private String command() {
        return command == null ? "" : command.qualifiedName() + ": ";
    }
}
