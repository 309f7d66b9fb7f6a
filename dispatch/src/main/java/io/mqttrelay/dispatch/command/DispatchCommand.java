package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.cli.ConfigOption;
import io.mqttrelay.common.cli.ServiceProcess;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code relay dispatch}. */
@Command(
        name = "dispatch",
        description = "Delivers messages from Kafka to the callbacks. Run as many as wanted: they share the work.")
public final class DispatchCommand implements Callable<Integer> {
    /** A half written file is unlikely to look the same at two reads. */
    private static final int LOOKS = 2;

    @Mixin
    private final ConfigOption config =
            new ConfigOption(SinkProviders.installed().schemes());

    private final ServiceProcess.Start start;

    /** @param start starts the dispatcher */
    public DispatchCommand(ServiceProcess.Start start) {
        this.start = start;
    }

    @Override
    public Integer call() throws Exception {
        ConfigResult.Valid valid = config.load();
        try {
            return ServiceProcess.run("dispatch", valid, config::readAgain, LOOKS, start);
        } catch (UnusableAddressException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
