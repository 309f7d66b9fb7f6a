package io.mqttrelay.common.cli;

import java.util.List;
import picocli.CommandLine;

/**
 * Runs one of an application's commands. A main class is one line:
 * {@code Cli.main(args, List.of(new IngestCommand()))}; a command is a picocli {@code @Command} that implements
 * {@code Callable<Integer>} and gives an {@link ExitCode}.
 */
public final class Cli {
    private Cli() {}

    /**
     * Does not return: ends the process with the command's exit code.
     *
     * @param args the command's name first, as typed behind {@code relay}
     * @param commands those of this application
     */
    public static void main(String[] args, List<Object> commands) {
        CommandLine line = new CommandLine(new Root());
        commands.forEach(line::addSubcommand);
        int code = line.execute(args);
        Runtime.getRuntime().halt(code);
    }

    @CommandLine.Command(name = "relay")
    static final class Root {}
}
