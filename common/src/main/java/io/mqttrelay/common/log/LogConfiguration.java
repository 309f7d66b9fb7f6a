package io.mqttrelay.common.log;

import io.mqttrelay.common.config.LogSettings;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AsyncAppender;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.appender.RollingFileAppender;
import org.apache.logging.log4j.core.appender.rolling.DefaultRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.action.Action;
import org.apache.logging.log4j.core.appender.rolling.action.DeleteAction;
import org.apache.logging.log4j.core.appender.rolling.action.IfFileName;
import org.apache.logging.log4j.core.appender.rolling.action.IfLastModified;
import org.apache.logging.log4j.core.appender.rolling.action.PathCondition;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.filter.BurstFilter;
import org.jspecify.annotations.Nullable;

/**
 * Log4j's configuration, in Java so that no lookup or substitution happens in file names or messages. Each target has
 * its own queue and thread: a blocked terminal or a full disk stops neither the relay nor the other target.
 */
final class LogConfiguration extends AbstractConfiguration {
    /** Maximum number of lines that wait for a target; further lines are dropped. */
    private static final int QUEUE = 4096;

    private static final long DRAIN_MILLIS = 1000;

    private final LogSettings settings;
    private final @Nullable LogFile file;
    private final LongAdder dropped = new LongAdder();
    private boolean unwritable;

    /**
     * Creates a configuration that is not active yet.
     *
     * @param file null: the console only
     */
    LogConfiguration(LoggerContext context, LogSettings settings, @Nullable LogFile file) {
        super(context, ConfigurationSource.NULL_SOURCE);
        this.settings = settings;
        this.file = file;
        setName("relay");
    }

    /** The number of lines dropped because a target's queue was full. */
    long dropped() {
        return dropped.sum();
    }

    /** Whether the file cannot be opened, so that only the console gets the log. */
    boolean unwritable() {
        return unwritable;
    }

    @Override
    protected void doConfigure() {
        LoggerConfig root = getRootLogger();
        root.setLevel(Level.valueOf(settings.level().name()));
        addQueued(root, console());
        if (file != null) {
            addFile(root, file);
        }
        quieten();
    }

    private void addFile(LoggerConfig root, LogFile log) {
        try {
            addQueued(root, rollingFile(log));
        } catch (IllegalStateException e) {
            // Log4j throws this if it cannot open the file, and prints the cause on stderr
            unwritable = true;
        }
    }

    private void addQueued(LoggerConfig root, Appender target) {
        addAppender(target);
        AsyncAppender queued = new AsyncAppender.Builder<>()
                .setName(target.getName() + "-queue")
                .setConfiguration(this)
                .setAppenderRefs(new AppenderRef[] {AppenderRef.createAppenderRef(target.getName(), null, null)})
                .setBlocking(false)
                .setBufferSize(QUEUE)
                .setShutdownTimeout(DRAIN_MILLIS)
                .build();
        queued.setHandler(new CountDropped(dropped));
        addAppender(queued);
        root.addAppender(queued, null, null);
    }

    private Appender console() {
        return ConsoleAppender.newBuilder()
                .setName("stderr")
                .setConfiguration(this)
                .setLayout(new LineLayout(settings.format()))
                .setTarget(ConsoleAppender.Target.SYSTEM_ERR)
                .build();
    }

    private Appender rollingFile(LogFile log) {
        return RollingFileAppender.newBuilder()
                .setName("file")
                .setConfiguration(this)
                .setLayout(new LineLayout(settings.format()))
                .setFileName(log.path().toString())
                .setFilePattern(log.rolledPattern())
                .setPolicy(SizeBasedTriggeringPolicy.createPolicy(settings.maxSizeMb() + "MB"))
                .setStrategy(new DefaultRolloverStrategy.Builder()
                        .setConfig(this)
                        .setFileIndex("min")
                        .setMax(Integer.toString(Math.max(1, settings.maxBackups())))
                        .setCustomActions(new Action[] {deleteOld(log)})
                        .build())
                .setImmediateFlush(false)
                .build();
    }

    private Action deleteOld(LogFile log) {
        PathCondition[] conditions = {
            IfFileName.createNameCondition(null, log.rolledNames().pattern()),
            new IfLastModified.Builder()
                    .setAge(Duration.ofDays(settings.maxAgeDays()))
                    .build()
        };
        return DeleteAction.createDeleteAction(log.folder().toString(), false, 1, false, null, conditions, null, this);
    }

    /** Limits the log of libraries: they must not repeat the relay's own reports. */
    private void quieten() {
        Level libraries = settings.level().compareTo(LogSettings.Level.DEBUG) <= 0 ? Level.INFO : Level.WARN;
        for (String library :
                new String[] {"org.apache.kafka", "kafka", "com.hivemq", "io.netty", "okhttp3", "com.sun"}) {
            limit(library, libraries);
        }
        // an unreachable broker or a refused login: the relay reports it once, with the address
        limit("org.apache.kafka.clients.NetworkClient", Level.OFF);
        limit("org.apache.kafka.clients.ClientUtils", Level.ERROR);
        limit("org.apache.kafka.common.network.Selector", Level.ERROR);
        limit("org.apache.kafka.clients.Metadata", Level.OFF);
        limit("org.apache.kafka.clients.admin.internals.AdminMetadataManager", Level.OFF);
        // Kafka's clients log every failed attempt
        getLogger("org.apache.kafka").addFilter(burst(Level.WARN, 0.05f));
        getLogger("org.apache.kafka").addFilter(burst(Level.ERROR, 0.05f));
        // logs every poll that stops at the relay's byte limit
        limit("org.apache.kafka.clients.consumer.internals.CompletedFetch", Level.OFF);
        // these classes print whole configurations
        limit("org.apache.kafka.common.config", Level.WARN);
        limit("org.apache.kafka.clients.producer.ProducerConfig", Level.WARN);
        limit("org.apache.kafka.clients.consumer.ConsumerConfig", Level.WARN);
        limit("org.apache.kafka.clients.admin.AdminClientConfig", Level.WARN);
        // it prints unexpected input in hex
        limit("com.hivemq.client.internal.mqtt.handler.disconnect", Level.ERROR);
        // the MQTT client logs every message that it drops and every protocol error of a broker
        getLogger("com.hivemq").addFilter(burst(Level.WARN, 1));
        getLogger("com.hivemq").addFilter(burst(Level.ERROR, 1));
        // the pool of a database logs each connection that fails, with the text of the driver
        limit("com.zaxxer.hikari", Level.ERROR);
        limit("org.mariadb.jdbc", Level.ERROR);
    }

    /**
     * Allows {@code perSecond} lines a second, after the first 20, of this level and the levels below it. Lines that
     * this filter drops do not use up the budget of the next filter.
     */
    private static BurstFilter burst(Level level, float perSecond) {
        return new BurstFilter.Builder()
                .setLevel(level)
                .setRate(perSecond)
                .setMaxBurst(20)
                .build();
    }

    private void limit(String logger, Level level) {
        addLogger(logger, new LoggerConfig(logger, level, true));
    }

    /** Counts dropped lines. Log4j's own handler would print to stderr, which may be the blocked target. */
    private record CountDropped(LongAdder dropped) implements org.apache.logging.log4j.core.ErrorHandler {
        @Override
        public void error(String message) {
            dropped.increment();
        }

        @Override
        public void error(String message, Throwable cause) {
            dropped.increment();
        }

        @Override
        public void error(String message, LogEvent event, Throwable cause) {
            dropped.increment();
        }
    }
}
