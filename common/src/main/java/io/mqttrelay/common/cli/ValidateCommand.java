package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.read.ConfigResult;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code relay validate}: prints the effective configuration on stdout and warnings on stderr. */
@Command(name = "validate", description = "Reads a configuration file and prints what it means; touches no network.")
public final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOption config;

    @Spec
    private @Nullable CommandSpec spec;

    /** @param schemes that addresses may have */
    public ValidateCommand(AddressSchemes schemes) {
        this.config = new ConfigOption(schemes);
    }

    @Override
    public Integer call() throws UsageException {
        ConfigResult.Valid valid = config.load();
        if (spec != null) {
            PrintWriter err = spec.commandLine().getErr();
            valid.warnings().forEach(warning -> err.println("warning: " + warning));
            PrintWriter out = spec.commandLine().getOut();
            out.println(ConfigSummary.of(valid.config()).strip());
            if (!valid.differences().isEmpty()) {
                out.println();
                out.println("what means something else than in the original program");
                valid.differences().forEach(difference -> out.println("  " + difference));
            }
            out.println();
            out.println("valid");
        }
        return ExitCode.DONE;
    }
}
