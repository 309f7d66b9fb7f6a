package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.UnusableConfigurationException;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.log.Logging;
import io.mqttrelay.common.metrics.ReloadMeters;
import io.mqttrelay.common.thread.RoleThread;
import io.mqttrelay.common.thread.Shutdown;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The life cycle of a process that runs one half of the relay: set up the log, start, wait for a signal, close in
 * order.
 */
public final class ServiceProcess {
    /** A running service. */
    public interface Service {
        /** The address of its health and metrics endpoint. */
        InetSocketAddress adminAddress();

        /** The meters of configuration reloads. */
        ReloadMeters reloads();

        /**
         * Applies another configuration while the service runs, or changes nothing. One caller at a time.
         *
         * @param next the complete configuration; settings that need a restart keep their old values
         * @throws UnusableConfigurationException it cannot be applied, and nothing has changed
         */
        void reload(ConfigDifference difference, RelayConfig next)
                throws UnusableConfigurationException, InterruptedException;

        /** Closes the service; work that is not done within {@code limit} is abandoned. */
        void close(Duration limit) throws Exception;
    }

    /** Starts a service. */
    public interface Start {
        /** Starts it. {@code onFailure} is called, on any thread, with a defect that must end the process. */
        Service start(RelayConfig config, String version, Consumer<Throwable> onFailure) throws Exception;
    }

    /**
     * How long a shutdown waits for a running reload. A reload ends at once, or waits for a consumer that is about to
     * be closed.
     */
    private static final Duration WATCH_ENDS = Duration.ofMillis(500);

    private ServiceProcess() {}

    /**
     * Runs a service until the process is told to stop.
     *
     * @param name {@code ingest} or {@code dispatch}
     * @param valid the configuration as read at the start
     * @param file reads the file again
     * @param looks number of equal reads, one a second, before a change is applied
     * @return the exit code
     */
    public static int run(String name, ConfigResult.Valid valid, Supplier<ConfigResult> file, int looks, Start start)
            throws Exception {
        Logging logging = Logging.configure(valid.config().log(), name);
        try {
            Logger log = LogManager.getLogger(ServiceProcess.class);
            valid.warnings().forEach(log::warn);
            return start(name, valid, file, looks, start, log);
        } finally {
            logging.close();
        }
    }

    private static int start(
            String name, ConfigResult.Valid valid, Supplier<ConfigResult> file, int looks, Start start, Logger log)
            throws Exception {
        Shutdown shutdown = new Shutdown(valid.config().shutdownGrace()).onSignals();
        Thread.setDefaultUncaughtExceptionHandler((thread, escaped) -> uncaught(log, escaped, shutdown));
        Service service = start.start(valid.config(), Version.current(), shutdown::fail);
        InetSocketAddress admin = service.adminAddress();
        log.info(
                "relay {} {} runs; health and metrics on http://{}:{}",
                name,
                Version.current(),
                admin.getHostString(),
                admin.getPort());
        ConfigWatch watch = new ConfigWatch(file, valid, looks, service::reload, service.reloads());
        RoleThread watching = new RoleThread("config-watch", watch, shutdown::fail);
        watching.start();
        shutdown.onHangUp(() -> {
            log.info("SIGHUP: the configuration is read again");
            watch.ask();
        });
        return shutdown.then("reading the configuration again", remaining -> {
                    watching.stop();
                    watch.end();
                    boolean unused = watching.join(min(remaining, WATCH_ENDS));
                })
                .then(name, service::close)
                .await();
    }

    /**
     * Handles the death of a library's thread. An {@code Error} ends the process: the library may be broken for good.
     * An exception ended one task only.
     */
    private static void uncaught(Logger log, Throwable escaped, Shutdown shutdown) {
        if (escaped instanceof Error) {
            shutdown.fail(escaped);
        } else {
            log.error("thread {} ended by an exception", Thread.currentThread().getName(), escaped);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
