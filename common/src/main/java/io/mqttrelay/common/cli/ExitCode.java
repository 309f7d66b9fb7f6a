package io.mqttrelay.common.cli;

/** What a command ends with. */
public final class ExitCode {
    /** Done. */
    public static final int DONE = 0;
    /** It failed while running. */
    public static final int FAILED = 1;
    /** Bad usage or bad configuration: nothing was touched. */
    public static final int USAGE = 2;

    private ExitCode() {}
}
