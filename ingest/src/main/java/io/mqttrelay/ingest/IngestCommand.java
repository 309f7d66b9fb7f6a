package io.mqttrelay.ingest;

import io.mqttrelay.common.cli.ConfigOption;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.config.ConfigReader;
import io.mqttrelay.common.config.ConfigResult;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.log.Logging;
import io.mqttrelay.common.thread.Shutdown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relay ingest}: MQTT to Kafka, until told to stop. */
@Command(name = "ingest", description = "Takes messages from MQTT into Kafka, until told to stop.")
final class IngestCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws UsageException, IOException {
        ConfigResult.Valid file = read(config.file());
        RelayConfig relay = file.config();
        Logging logging = Logging.configure(relay.log(), "ingest");
        try {
            Logger log = LogManager.getLogger(IngestCommand.class);
            file.warnings().forEach(log::warn);
            Shutdown shutdown = new Shutdown(relay.shutdownGrace()).onSignals();
            IngestService service =
                    IngestService.start(relay, instance(System.getenv("RELAY_INSTANCE")), shutdown::fail);
            shutdown.then("ingest", service::close);
            log.info("ingest runs, health and metrics on http:/{}", service.adminAddress());
            return shutdown.await();
        } finally {
            logging.close();
        }
    }

    private static ConfigResult.Valid read(@Nullable Path file) throws UsageException {
        if (file == null) {
            throw new UsageException("--config FILE is missing (or RELAY_CONFIG in the environment)");
        }
        ConfigResult result = ConfigReader.read(file, System::getenv);
        if (result instanceof ConfigResult.Invalid invalid) {
            throw new UsageException(invalid.problems());
        }
        return (ConfigResult.Valid) result;
    }

    /** Differs between the ingests of one shared group: what the operator says, else the host's name. */
    private static String instance(@Nullable String named) {
        if (named != null && !named.isBlank()) {
            return named.strip();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            String host = System.getenv("HOSTNAME");
            return host == null ? "ingest" : host;
        }
    }
}
