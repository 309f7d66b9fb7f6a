package io.mqttrelay.ingest;

import io.mqttrelay.common.cli.ConfigOption;
import io.mqttrelay.common.cli.ServiceProcess;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import io.mqttrelay.common.tls.UnusableTlsException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relay ingest}. */
@Command(name = "ingest", description = "Takes messages from MQTT into Kafka, until told to stop.")
final class IngestCommand implements Callable<Integer> {
    /**
     * Equal reads before a change is applied. More than dispatch has, because dispatch should know a route before its
     * first message comes.
     */
    private static final int LOOKS = 4;

    @Mixin
    private final ConfigOption config = new ConfigOption(AddressSchemes.ANY);

    @Override
    public Integer call() throws Exception {
        ConfigResult.Valid valid = config.load();
        String instance = instance(System.getenv("RELAY_INSTANCE"));
        String problem = IngestLimits.of(
                        valid.config().ingest(), Runtime.getRuntime().maxMemory())
                .problem();
        if (problem != null) {
            throw new UsageException(problem);
        }
        try {
            return ServiceProcess.run(
                    "ingest",
                    valid,
                    config::readAgain,
                    LOOKS,
                    (relay, version, onFailure) -> IngestService.start(relay, instance, onFailure));
        } catch (UnusableTlsException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** The name of this ingest within a shared group: RELAY_INSTANCE, or else the host's name. */
    static String instance(@Nullable String named) throws UsageException {
        if (named != null && !named.isBlank()) {
            try {
                return Texts.name(named.strip(), Broker.MAX_INSTANCE);
            } catch (WrongException e) {
                throw new UsageException("RELAY_INSTANCE " + e.getMessage() + ": it is a part of the MQTT client id");
            }
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            String host = System.getenv("HOSTNAME");
            return host == null ? "ingest" : host;
        }
    }
}
