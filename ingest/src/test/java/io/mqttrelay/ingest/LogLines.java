package io.mqttrelay.ingest;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** The log lines of one class. */
final class LogLines implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final AbstractAppender appender;

    LogLines(Class<?> speaker) {
        this(speaker, () -> {});
    }

    /** @param slow runs at each line, on the thread that speaks */
    LogLines(Class<?> speaker, Runnable slow) {
        appender = new AbstractAppender("lines of " + speaker, null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
                slow.run();
            }
        };
        appender.start();
        Configurator.setLevel(speaker, Level.INFO);
        logger = (Logger) LogManager.getLogger(speaker);
        logger.addAppender(appender);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.removeAppender(appender);
    }
}
