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
 * Log4j's configuration, written in Java so that nothing in a file name or a message is ever looked up or substituted.
 * Each target has a queue and a thread of its own: a terminal that nobody reads and a disk that is full stop neither
 * the relay nor each other.
 */
final class LogConfiguration extends AbstractConfiguration {
    /** Lines that wait for a target before more are dropped. */
    private static final int QUEUE = 4096;

    private static final long DRAIN_MILLIS = 1000;

    private final LogSettings settings;
    private final @Nullable LogFile file;
    private final LongAdder dropped = new LongAdder();
    private boolean unwritable;

    /**
     * A configuration that is not in force yet.
     *
     * @param file null: the console only
     */
    LogConfiguration(LoggerContext context, LogSettings settings, @Nullable LogFile file) {
        super(context, ConfigurationSource.NULL_SOURCE);
        this.settings = settings;
        this.file = file;
        setName("relay");
    }

    /** Lines that found no room in a target's queue. */
    long dropped() {
        return dropped.sum();
    }

    /** Whether the file cannot be opened; there is the console only then. */
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
            // how Log4j says that it cannot open the file; why, it says on stderr
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

    /** Libraries speak when something is wrong; what the relay itself reports, in its own words, they do not repeat. */
    private void quieten() {
        Level libraries = settings.level().compareTo(LogSettings.Level.DEBUG) <= 0 ? Level.INFO : Level.WARN;
        for (String library :
                new String[] {"org.apache.kafka", "kafka", "com.hivemq", "io.netty", "okhttp3", "com.sun"}) {
            limit(library, libraries);
        }
        limit("org.apache.kafka.clients.NetworkClient", Level.ERROR);
        // these print whole configurations
        limit("org.apache.kafka.common.config", Level.WARN);
        limit("org.apache.kafka.clients.producer.ProducerConfig", Level.WARN);
        limit("org.apache.kafka.clients.consumer.ConsumerConfig", Level.WARN);
        limit("org.apache.kafka.clients.admin.AdminClientConfig", Level.WARN);
        // prints what arrived, in hex, where it is not what was expected
        limit("com.hivemq.client.internal.mqtt.handler.disconnect", Level.ERROR);
        // the MQTT client says of each message that it drops it, or that a broker must not have sent it
        getLogger("com.hivemq").addFilter(burst(Level.WARN));
        getLogger("com.hivemq").addFilter(burst(Level.ERROR));
    }

    /** Of this level and those below; what is dropped here does not use up what the next may let pass. */
    private static BurstFilter burst(Level level) {
        return new BurstFilter.Builder()
                .setLevel(level)
                .setRate(1)
                .setMaxBurst(20)
                .build();
    }

    private void limit(String logger, Level level) {
        addLogger(logger, new LoggerConfig(logger, level, true));
    }

    /** Log4j's own handler would print to the very stderr that may be blocked. */
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
