package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.ConfigResult;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.log.Logging;
import io.mqttrelay.common.thread.Shutdown;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The life of a process that runs one half of the relay: set up the log, start, wait for a signal, end in order. */
public final class ServiceProcess {
    /** A service that runs. */
    public interface Service {
        /** Where its health and metrics are served. */
        InetSocketAddress adminAddress();

        /** Ends it; what is not done within {@code limit} is left. */
        void close(Duration limit) throws Exception;
    }

    /** How a service starts. */
    public interface Start {
        /** Starts it; {@code onFailure} is told, on any thread, of a defect that ends the process. */
        Service start(RelayConfig config, String version, Consumer<Throwable> onFailure) throws Exception;
    }

    private ServiceProcess() {}

    /**
     * Runs a service until the process is told to stop.
     *
     * @param name {@code ingest} or {@code dispatch}
     * @return the exit code
     */
    public static int run(String name, ConfigResult.Valid valid, Start start) throws Exception {
        Logging logging = Logging.configure(valid.config().log(), name);
        try {
            Logger log = LogManager.getLogger(ServiceProcess.class);
            valid.warnings().forEach(log::warn);
            return run(name, valid.config(), start, log);
        } finally {
            logging.close();
        }
    }

    private static int run(String name, RelayConfig config, Start start, Logger log) throws Exception {
        Shutdown shutdown = new Shutdown(config.shutdownGrace()).onSignals();
        Service service = start.start(config, Version.current(), shutdown::fail);
        InetSocketAddress admin = service.adminAddress();
        log.info(
                "relay {} {} runs; health and metrics on http://{}:{}",
                name,
                Version.current(),
                admin.getHostString(),
                admin.getPort());
        return shutdown.then(name, service::close).await();
    }
}
