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
     * Sends everything that is logged from now on where {@code settings} say: to stderr always, to a file if one is named.
     * Writing never blocks or fails the thread that logs: a line that finds no room is dropped and counted.
     *
     * @param process put before the file's extension, so that two processes never roll one file
     */
    public static Logging configure(LogSettings settings, String process) {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        @Nullable Path configured = settings.filename();
        LogConfiguration configuration =
                new LogConfiguration(context, settings, configured == null ? null : LogFile.of(configured, process));
        context.reconfigure(configuration);
        // what the JDK's own server and OkHttp have to say goes through java.util.logging
        Log4jBridgeHandler.install(true, "", false);
        if (configuration.unwritable()) {
            LogManager.getLogger(Logging.class)
                    .error("log_config.filename: {} cannot be written: the log goes to the console only", configured);
        }
        return new Logging(context, configuration);
    }

    /** Nothing that is logged from now on is written: for a command that says in its own words what fails. */
    public static void off() {
        Configurator.setRootLevel(Level.OFF);
    }

    /** How many lines were dropped because their target did not take them. */
    public long dropped() {
        return configuration.dropped();
    }

    /** Writes what is still waiting, within two seconds. */
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
