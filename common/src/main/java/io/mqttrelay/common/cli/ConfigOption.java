package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.ConfigFile;
import io.mqttrelay.common.config.ConfigResult;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code --config} option, to be mixed into a command. */
public final class ConfigOption {
    private final Function<String, @Nullable String> environment;
    private @Nullable ConfigFile read;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file; RELAY_CONFIG names it where this option does not.")
    private @Nullable String file;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /** An option that looks at the process' environment. */
    public ConfigOption() {
        this(System::getenv);
    }

    ConfigOption(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** The file that the option or else RELAY_CONFIG names; null: neither does. */
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
     * The configuration, with warnings that belong into the log once it is set up.
     *
     * @throws UsageException no file is named, or all its problems
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

    /** As it is now, with problems or without; the file is one that {@link #load} found. */
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
            known = new ConfigFile(path, environment);
            read = known;
        }
        return known.read();
    }

    /** Who asks, as each command's own complaints begin. */
    private String command() {
        return command == null ? "" : command.qualifiedName() + ": ";
    }
}
