package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.cli.ConfigOption;
import io.mqttrelay.common.cli.ExitCode;
import io.mqttrelay.common.cli.Terminal;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.deadletter.DeadLetterListing;
import io.mqttrelay.dispatch.deadletter.KafkaFailure;
import io.mqttrelay.dispatch.deadletter.Selection;
import io.mqttrelay.dispatch.sink.SinkProviders;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code relay dead-letters}. */
@Command(
        name = "dead-letters",
        description = "Lists what could not be delivered and waits in dead letters, the oldest first. Changes nothing."
                + " 'relay replay' with the same options sends it again.")
public final class DeadLettersCommand implements Callable<Integer> {
    private static final String LIST = "list";

    @Parameters(arity = "0..1", paramLabel = LIST, description = "May be left out: to list is all that it does.")
    private String action = LIST;

    @Mixin
    private final ConfigOption config =
            new ConfigOption(SinkProviders.installed().schemes());

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
        if (!action.equals(LIST)) {
            throw new UsageException("relay dead-letters: unexpected '" + Printable.cut(action) + "', only list");
        }
        ConfigResult.Valid loaded = config.load();
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        loaded.warnings().forEach(warning -> line.getErr().println("warning: " + warning));
        Collection<String> apps = selected.apps(loaded.config(), appId);
        Selection selection = selected.selection(loaded.config(), new Moments(Instant.now(), ZoneId.systemDefault()));

        KafkaClients clients = new KafkaClients(loaded.config().kafka(), "dead-letters");
        KafkaFailure.unlessReached(clients);
        TopicNames names = new TopicNames(loaded.config().kafka().topicPrefix());
        ProgressLine progress =
                new ProgressLine(line.getErr(), Terminal.ofThisProcess().errColumns(), System::nanoTime);
        try (DeadLetterListing listing = DeadLetterListing.read(clients, names, apps, selection, progress)) {
            print(listing, line.getOut());
        } catch (DeadLetterListing.Unreadable e) {
            throw e.failure();
        } catch (KafkaFailure e) {
            throw e.explained(clients, apps.stream().map(names::dead).toList());
        }
        return ExitCode.DONE;
    }

    private void print(DeadLetterListing listing, PrintWriter out) {
        if (json) {
            listing.forEach(each -> out.println(DeadLetterList.json(each)));
        } else {
            DeadLetterList.print(listing, out, Terminal.ofThisProcess().outColumns());
        }
        out.flush();
    }
}
