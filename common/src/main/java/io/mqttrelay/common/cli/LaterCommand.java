package io.mqttrelay.common.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** A command that a later version will have: it says so, whatever its arguments. */
@Command(description = "Not supported yet.")
public final class LaterCommand implements Callable<Integer> {
    private final String name;

    private LaterCommand(String name) {
        this.name = name;
    }

    /** To be given to {@link Cli#main}. */
    public static CommandSpec named(String name) {
        CommandSpec spec =
                CommandSpec.forAnnotatedObject(new LaterCommand(name)).name(name);
        spec.parser().unmatchedArgumentsAllowed(true);
        return spec;
    }

    @Override
    public Integer call() throws UsageException {
        throw new UsageException("relay " + name + ": not supported yet");
    }
}
