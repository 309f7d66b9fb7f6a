package io.mqttrelay.common.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The log file besides the console, and its limits.
 *
 * @param filename null: the console only
 * @param maxSizeMb the file is rolled at this size, megabytes
 * @param maxAgeDays rolled files older than this are deleted
 * @param maxBackups maximum number of rolled files
 */
public record LogSettings(
        LogSettings.Level level,
        @Nullable Path filename,
        int maxSizeMb,
        int maxAgeDays,
        int maxBackups,
        LogSettings.Format format) {
    /** The lowest level that is logged. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** The format of a log line. */
    public enum Format {
        TEXT,
        JSON
    }
}
