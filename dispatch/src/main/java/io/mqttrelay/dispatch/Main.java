package io.mqttrelay.dispatch;

import io.mqttrelay.common.cli.Cli;
import io.mqttrelay.common.cli.LaterCommand;
import io.mqttrelay.dispatch.explain.ExplainCommand;
import java.util.List;

/** The commands of the dispatch application. */
public final class Main {
    private Main() {}

    /** Ends the process. */
    public static void main(String[] args) {
        Cli.main(
                args,
                List.of(
                        new DispatchCommand(),
                        new ExplainCommand(),
                        LaterCommand.named("dead-letters"),
                        LaterCommand.named("replay")));
    }
}
