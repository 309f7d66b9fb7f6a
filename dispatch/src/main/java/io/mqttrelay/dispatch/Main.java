package io.mqttrelay.dispatch;

import io.mqttrelay.common.cli.Cli;
import io.mqttrelay.common.cli.ValidateCommand;
import io.mqttrelay.common.log.Logging;
import io.mqttrelay.dispatch.command.DeadLettersCommand;
import io.mqttrelay.dispatch.command.DispatchCommand;
import io.mqttrelay.dispatch.command.ExplainCommand;
import io.mqttrelay.dispatch.command.ReplayCommand;
import io.mqttrelay.dispatch.sink.SinkProviders;
import java.util.List;
import java.util.Set;

/** The commands of the dispatch application. */
public final class Main {
    /** Commands that report failures themselves; the Kafka clients would repeat them in the log. */
    private static final Set<String> SPEAK_FOR_THEMSELVES = Set.of("dead-letters", "replay");

    private Main() {}

    /** Runs a command and ends the process. */
    public static void main(String[] args) {
        if (args.length > 0 && SPEAK_FOR_THEMSELVES.contains(args[0])) {
            Logging.off();
        }
        Cli.main(
                args,
                List.of(
                        new DispatchCommand(DispatchService::start),
                        new ValidateCommand(SinkProviders.installed().schemes()),
                        new ExplainCommand(),
                        new DeadLettersCommand(),
                        new ReplayCommand()));
    }
}
