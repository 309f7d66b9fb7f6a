package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.ConfigDifference;
import io.mqttrelay.common.config.ConfigResult;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.UnusableConfigurationException;
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

/** The life of a process that runs one half of the relay: set up the log, start, wait for a signal, end in order. */
public final class ServiceProcess {
    /** A service that runs. */
    public interface Service {
        /** Where its health and metrics are served. */
        InetSocketAddress adminAddress();

        /** What came of reading the file again. */
        ReloadMeters reloads();

        /**
         * Goes over to another configuration while it runs, or leaves everything as it is. One caller at a time.
         *
         * @param next the whole of it; what needs a restart is as it was
         * @throws UnusableConfigurationException it cannot be applied, and nothing has changed
         */
        void reload(ConfigDifference difference, RelayConfig next)
                throws UnusableConfigurationException, InterruptedException;

        /** Ends it; what is not done within {@code limit} is left. */
        void close(Duration limit) throws Exception;
    }

    /** How a service starts. */
    public interface Start {
        /** Starts it; {@code onFailure} is told, on any thread, of a defect that ends the process. */
        Service start(RelayConfig config, String version, Consumer<Throwable> onFailure) throws Exception;
    }

    /** A reload that is under way hands over in no time, or waits for a consumer that is itself about to end. */
    private static final Duration WATCH_ENDS = Duration.ofMillis(500);

    private ServiceProcess() {}

    /**
     * Runs a service until the process is told to stop.
     *
     * @param name {@code ingest} or {@code dispatch}
     * @param valid as the file was read at the start
     * @param file reads the file again
     * @param looks so many, one a second, must see the same change before it is followed
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

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
