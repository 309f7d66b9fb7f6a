package io.mqttrelay.common.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the log goes besides the console, and how much of it is kept.
 *
 * @param filename null: the console only
 * @param maxSizeMb the file is rolled at this size, megabytes
 * @param maxAgeDays rolled files older than this are deleted
 * @param maxBackups rolled files kept at most
 */
public record LogSettings(
        LogSettings.Level level,
        @Nullable Path filename,
        int maxSizeMb,
        int maxAgeDays,
        int maxBackups,
        LogSettings.Format format) {
    /** What is logged. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** How a line looks. */
    public enum Format {
        TEXT,
        JSON
    }
}
