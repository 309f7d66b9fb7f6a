package io.mqttrelay.quickstart;

import io.mqttrelay.common.cli.Cli;
import java.util.List;

/** The process of {@code relay quickstart}. */
public final class Main {
    private Main() {}

    /** Ends the process. */
    public static void main(String[] args) {
        Cli.main(args, List.of(new QuickstartCommand(System.nanoTime())));
    }
}
