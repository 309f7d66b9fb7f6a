package io.mqttrelay.common.cli;

/** The exit codes of the commands. */
public final class ExitCode {
    /** The command succeeded. */
    public static final int DONE = 0;
    /** The command failed while running. */
    public static final int FAILED = 1;
    /** Bad usage or bad configuration: nothing was touched. */
    public static final int USAGE = 2;

    private ExitCode() {}
}
