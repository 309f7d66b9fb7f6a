package io.mqttrelay.common.cli;

import java.util.ArrayList;
import java.util.List;

/** The commands that belong to no application: {@code relay version}, {@code relay help}. */
public final class Main {
    private Main() {}

    /** Ends the process. */
    public static void main(String[] args) {
        Cli.main(args, commands());
    }

    static List<Object> commands() {
        List<Object> commands = new ArrayList<>();
        commands.add(new VersionCommand());
        commands.add(new HelpCommand());
        return commands;
    }
}
