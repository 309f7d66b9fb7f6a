package io.mqttrelay.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttrelay.common.cli.ConfigOption;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.cli.Version;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.kafka.ClientCheck;
import io.mqttrelay.common.log.Logging;
import io.mqttrelay.common.thread.Shutdown;
import io.mqttrelay.dispatch.sink.SinkProviders;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relay quickstart}. */
@Command(
        name = "quickstart",
        description = {
            "Everything in one process, to try it: Kafka, an MQTT broker, ingest, dispatch, a demo callback, demo"
                    + " messages.",
            "With --config, only what that file does not point at is embedded: Kafka unless kafka.bootstrap_servers is"
                    + " set; an MQTT broker or a callback where the file names this machine and nobody listens."
        })
final class QuickstartCommand implements Callable<Integer> {
    /** The time to close the embedded servers, after the relay's shutdown_grace. */
    private static final Duration SERVERS_GRACE = Duration.ofSeconds(10);

    @Mixin
    private final ConfigOption config =
            new ConfigOption(SinkProviders.installed().schemes());

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where the embedded servers keep their data. Otherwise a temporary folder, deleted at the end.")
    private @Nullable Path data;

    private final long startedNanos;

    /** @param startedNanos start of the process, by {@link System#nanoTime} */
    QuickstartCommand(long startedNanos) {
        this.startedNanos = startedNanos;
    }

    @Override
    public Integer call() throws Exception {
        try (QuickstartFolder folder = QuickstartFolder.open(data)) {
            Path given = config.file();
            Path file = given == null ? DemoConfiguration.in(folder.path()) : given;
            ConfigResult.Valid valid = read(file);
            Logging logging = Logging.configure(valid.config().log(), "quickstart");
            EmbeddedLogs.onlyErrors();
            try {
                return run(folder, file, valid);
            } finally {
                logging.close();
            }
        }
    }

    private static ConfigResult.Valid read(Path file) throws UsageException {
        ConfigResult result = ConfigReader.read(
                file,
                System::getenv,
                new ClientCheck(),
                SinkProviders.installed().schemes());
        if (result instanceof ConfigResult.Invalid invalid) {
            throw new UsageException(invalid.problems());
        }
        return (ConfigResult.Valid) result;
    }

    private int run(QuickstartFolder folder, Path file, ConfigResult.Valid valid) throws Exception {
        Logger log = LogManager.getLogger(QuickstartCommand.class);
        valid.warnings().forEach(log::warn);
        Duration grace = valid.config().shutdownGrace();
        Shutdown shutdown = new Shutdown(grace.plus(SERVERS_GRACE)).onSignals();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        Screen screen = new Screen(out, Clock.system(ZoneId.systemDefault()), startedNanos);
        Embedding embedding = Embedding.of(valid.config(), ConfiguredKafka.isNamedIn(file), Loopback::listens);
        screen.starting(Version.current());
        Quickstart quickstart = Quickstart.start(valid.config(), embedding, folder.path(), screen, shutdown::fail);
        Path running = embedding.kafka()
                ? RunningConfiguration.write(
                        file, folder.path(), quickstart.config().kafka().bootstrapServers())
                : file;
        screen.running(
                StartupText.of(quickstart, embedding, running, folder),
                !embedding.callbackPorts().isEmpty());
        quickstart.startDemo();
        int code = shutdown.then("quickstart", remaining -> quickstart.close(grace))
                .await();
        screen.stopped();
        return code;
    }
}
