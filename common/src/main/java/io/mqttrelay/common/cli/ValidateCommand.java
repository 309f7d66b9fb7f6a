package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.ConfigResult;
import io.mqttrelay.common.config.ConfigSummary;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code relay validate}: what a configuration means, on stdout; what its author may want to know, on stderr. */
@Command(name = "validate", description = "Reads a configuration file and prints what it means; touches no network.")
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws UsageException {
        ConfigResult.Valid valid = config.load();
        if (spec != null) {
            PrintWriter err = spec.commandLine().getErr();
            valid.warnings().forEach(warning -> err.println("warning: " + warning));
            spec.commandLine().getOut().println(ConfigSummary.of(valid.config()).strip());
        }
        return ExitCode.DONE;
    }
}
