package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.cli.ConfigOption;
import io.mqttrelay.common.cli.ExitCode;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.cli.Version;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code relay explain}. */
@Command(
        name = "explain",
        description = "Shows which apps take a message, what keeps it from them, its Kafka topic and key, and the exact"
                + " HTTP requests. Touches no network; secrets are shown as ***.")
public final class ExplainCommand implements Callable<Integer> {
    /** The largest payload of an MQTT packet, bytes. */
    private static final long MAX_PAYLOAD = 268_435_455;

    private final SinkProviders providers = SinkProviders.installed();

    @Mixin
    private final ConfigOption config;

    @Option(names = "--topic", required = true, paramLabel = "T", description = "The topic of the message.")
    private String topic = "";

    @Option(names = "--payload", paramLabel = "TEXT", description = "Its payload, as UTF-8; empty without this option.")
    private @Nullable String payload;

    @Option(names = "--payload-file", paramLabel = "FILE", description = "A file with its payload.")
    private @Nullable Path payloadFile;

    @Option(
            names = "--qos",
            paramLabel = "N",
            description = "What it is published with, 0, 1 or 2; without this option, what each app asks for.")
    private @Nullable Integer qos;

    @Option(
            names = "--property",
            paramLabel = "NAME=VALUE",
            description = "A user property of the message; may be repeated. Only MQTT 5 routes get it.")
    private final List<String> properties = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    /** Filled in by picocli. */
    public ExplainCommand() {
        config = new ConfigOption(providers.schemes());
    }

    @Override
    public Integer call() throws UsageException {
        Example example = example();
        ConfigResult.Valid loaded = config.load();
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        loaded.warnings().forEach(warning -> line.getErr().println("warning: " + warning));
        line.getErr().flush();
        line.getOut().print(explained(loaded, example));
        line.getOut().flush();
        return ExitCode.DONE;
    }

    private String explained(ConfigResult.Valid loaded, Example example) throws UsageException {
        try {
            return new Explain(loaded.config(), providers, new PreviewContext(Clock.systemUTC(), Version.current()))
                    .text(example);
        } catch (UnusableAddressException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private Example example() throws UsageException {
        byte[] bytes = payload();
        try {
            return new Example(
                    topic,
                    qos,
                    properties.stream().map(ExplainCommand::property).toList(),
                    bytes);
        } catch (IllegalArgumentException e) {
            throw new UsageException("relay explain: " + e.getMessage());
        }
    }

    /** @throws IllegalArgumentException the text has no {@code =} */
    private static UserProperty property(String typed) {
        int equals = typed.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("--property must be NAME=VALUE, was '" + Printable.cut(typed) + "'");
        }
        return new UserProperty(typed.substring(0, equals), typed.substring(equals + 1));
    }

    private byte[] payload() throws UsageException {
        if (payload != null && payloadFile != null) {
            throw new UsageException("relay explain: --payload and --payload-file exclude each other");
        }
        if (payloadFile != null) {
            return payload(payloadFile);
        }
        return payload == null ? new byte[0] : payload.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] payload(Path file) throws UsageException {
        if (!Files.isRegularFile(file)) {
            String why = Files.exists(file) ? "is not a file" : "does not exist";
            throw new UsageException("relay explain: --payload-file " + Printable.escape(file.toString()) + " " + why);
        }
        try {
            if (Files.size(file) > MAX_PAYLOAD) {
                throw new UsageException("relay explain: --payload-file " + Printable.escape(file.toString())
                        + " is larger than an MQTT message can be (" + MAX_PAYLOAD + " bytes)");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UsageException(
                    "relay explain: --payload-file " + Printable.escape(file.toString()) + " cannot be read");
        }
    }
}
