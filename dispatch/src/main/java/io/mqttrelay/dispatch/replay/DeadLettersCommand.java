package io.mqttrelay.dispatch.replay;

import io.mqttrelay.common.cli.ConfigOption;
import io.mqttrelay.common.cli.ExitCode;
import io.mqttrelay.common.cli.Terminal;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.common.topic.TopicNames;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code relay dead-letters}. */
@Command(
        name = "dead-letters",
        description = "Lists what could not be delivered and waits in dead letters, the oldest first. Changes nothing."
                + " 'relay replay' with the same options sends it again.")
public final class DeadLettersCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(names = "--app-id", paramLabel = "ID", description = "Only this app; all of the configuration without it.")
    private @Nullable String appId;

    @Mixin
    private final SelectionOptions selected = new SelectionOptions();

    @Option(names = "--json", description = "One JSON object per line, and nothing else on stdout.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    /** Filled in by picocli. */
    public DeadLettersCommand() {}

    @Override
    public Integer call() throws UsageException, KafkaFailure, InterruptedException {
        ConfigResult.Valid loaded = config.load();
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        loaded.warnings().forEach(warning -> line.getErr().println("warning: " + warning));
        Collection<String> apps = Apps.of(loaded.config(), appId, "relay dead-letters");
        Selection selection = selected.selection(loaded.config(), new Moments(Instant.now(), ZoneId.systemDefault()));

        KafkaClients clients = new KafkaClients(loaded.config().kafka(), "dead-letters");
        KafkaFailure.unlessReached(clients);
        try (TopicReader reader = Readers.open(clients, new StopRequest());
                DeadLetterTable table = read(loaded.config(), apps, selection, reader, line.getErr())) {
            print(new DeadLetterLines(table, selection.limit()), line.getOut());
        } catch (DeadLetterLines.Unreadable e) {
            throw e.failure();
        } catch (KafkaFailure e) {
            throw e.explained(clients);
        }
        return ExitCode.DONE;
    }

    private static DeadLetterTable read(
            RelayConfig config, Collection<String> apps, Selection selection, TopicReader reader, PrintWriter err)
            throws KafkaFailure, InterruptedException {
        TopicNames names = new TopicNames(config.kafka().topicPrefix());
        Progress progress = new Progress(err, Terminal.ofThisProcess().errColumns(), System::nanoTime);
        DeadLetterTable table = new DeadLetterTable(new RecordCodec(), reader, progress, false);
        try {
            for (String app : apps) {
                boolean unused = table.read(app, names.dead(app), selection);
            }
            return table;
        } catch (KafkaFailure | InterruptedException | RuntimeException e) {
            table.close();
            throw e;
        } finally {
            progress.clear();
        }
    }

    private void print(DeadLetterLines lines, PrintWriter out) {
        if (json) {
            lines.forEach(each -> out.println(DeadLetterList.json(each)));
        } else {
            DeadLetterList.print(lines, out, Terminal.ofThisProcess().outColumns());
        }
        out.flush();
    }
}
