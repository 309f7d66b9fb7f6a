package io.mqttrelay.common.log;

import io.mqttrelay.common.config.LogSettings;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.jul.Log4jBridgeHandler;
import org.jspecify.annotations.Nullable;

/** The log of one process. */
public final class Logging implements AutoCloseable {
    private static final long CLOSE_MILLIS = 2000;

    private final LoggerContext context;
    private final LogConfiguration configuration;

    private Logging(LoggerContext context, LogConfiguration configuration) {
        this.context = context;
        this.configuration = configuration;
    }

    /**
     * Directs the log as {@code settings} say: always to stderr, and to a file if one is named. Writing never blocks
     * or fails the thread that logs: a line for a full queue is dropped and counted.
     *
     * @param process put before the file's extension, so that two processes never roll one file
     */
    public static Logging configure(LogSettings settings, String process) {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        @Nullable Path configured = settings.filename();
        LogConfiguration configuration =
                new LogConfiguration(context, settings, configured == null ? null : LogFile.of(configured, process));
        context.reconfigure(configuration);
        // the JDK's HTTP server and OkHttp log through java.util.logging
        Log4jBridgeHandler.install(true, "", false);
        if (configuration.unwritable()) {
            LogManager.getLogger(Logging.class)
                    .error("log_config.filename: {} cannot be written: the log goes to the console only", configured);
        }
        return new Logging(context, configuration);
    }

    /** Switches the log off, for a command that reports failures itself. */
    public static void off() {
        Configurator.setRootLevel(Level.OFF);
    }

    /** The number of lines dropped because their target's queue was full. */
    public long dropped() {
        return configuration.dropped();
    }

    /** Writes the queued lines, within two seconds. */
    @Override
    public void close() {
        Thread closing = new Thread(context::stop, "log-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
