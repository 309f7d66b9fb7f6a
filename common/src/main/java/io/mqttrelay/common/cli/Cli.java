package io.mqttrelay.common.cli;

import io.mqttrelay.common.text.NearestKey;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs one command of an application. A main class is one line: {@code Cli.main(args, List.of(new IngestCommand()))}.
 *
 * <p>A command is a picocli {@code @Command} that implements {@code Callable<Integer>} and returns an
 * {@link ExitCode}. It may throw a {@link UsageException}. Any other exception ends the process with
 * {@link ExitCode#FAILED} and one line on stderr.
 */
public final class Cli {
    private static final long FLUSH_MILLIS = 1000;
    private static final long HOOKS_MILLIS = 5000;

    private Cli() {}

    /**
     * Runs the command and ends the process with its exit code, even while other threads still run. Does not return.
     *
     * @param args the command's name first, as typed behind {@code relay}
     * @param commands the commands of this application
     */
    public static void main(String[] args, List<Object> commands) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(args, commands, out, err);
        out.flush();
        flushUnlessBlocked(err);
        haltAfter(HOOKS_MILLIS, code);
        System.exit(code);
    }

    /**
     * Halts the process after {@code millis}. Agents and recordings write their data in shutdown hooks; a hook that
     * hangs must not keep the process alive.
     */
    private static void haltAfter(long millis, int code) {
        Thread halting = new Thread(() -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(code);
        });
        halting.setDaemon(true);
        halting.start();
    }

    /**
     * Flushes stderr, for a limited time. If stderr is a pipe that is not read, a logging thread may hold its lock
     * for ever.
     */
    private static void flushUnlessBlocked(PrintWriter err) {
        Thread flushing = new Thread(err::flush, "flush");
        flushing.setDaemon(true);
        flushing.start();
        try {
            flushing.join(FLUSH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs the command and returns its exit code, for tests and for several programs in one process. */
    public static int run(String[] args, List<Object> commands, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Root());
        for (Object command : commands) {
            line.addSubcommand(command);
        }
        line.setOut(out).setErr(err);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setUsageHelpAutoWidth(true);
        line.setExpandAtFiles(false); // an argument such as a topic may begin with @
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((error, arguments) -> usage(error));
        line.setExecutionExceptionHandler((error, command, parsed) -> failed(error, command));
        return line.execute(args);
    }

    private static int usage(ParameterException error) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        boolean isRoot = command.getParent() == null;
        err.println(name(command) + ": " + inOneLine(error, isRoot));
        String synopsis = command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
        err.println(isRoot ? "'relay help' lists the commands" : "usage: " + synopsis);
        return ExitCode.USAGE;
    }

    private static String inOneLine(ParameterException error, boolean isRoot) {
        if (!(error instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(error.getMessage()).lines().findFirst().orElse("bad usage");
        }
        String typed = unmatched.getUnmatched().get(0);
        if (isRoot && !typed.startsWith("-")) {
            return "no command '" + typed + "'" + meant(typed, Overview.names());
        }
        if (typed.startsWith("-")) {
            CommandSpec spec = error.getCommandLine().getCommandSpec();
            return "unknown option '" + typed + "'"
                    + meant(typed, spec.optionsMap().keySet());
        }
        return "unexpected '" + typed + "'";
    }

    private static String meant(String typed, Collection<String> known) {
        String nearest = NearestKey.of(typed, known);
        return nearest.isEmpty() || !NearestKey.isClose(typed, nearest) ? "" : ", did you mean '" + nearest + "'?";
    }

    private static int failed(Exception error, CommandLine command) {
        PrintWriter err = command.getErr();
        if (error instanceof UsageException usage) {
            usage.lines().forEach(err::println);
            return ExitCode.USAGE;
        }
        String what = error.getMessage() == null ? error.getClass().getName() : error.getMessage();
        err.println(name(command) + ": failed: " + what);
        return ExitCode.FAILED;
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    @Command(
            name = "relay",
            mixinStandardHelpOptions = true,
            versionProvider = Root.class,
            scope = CommandLine.ScopeType.INHERIT)
    static final class Root implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"mqtt-relay " + Version.current()};
        }
    }
}
