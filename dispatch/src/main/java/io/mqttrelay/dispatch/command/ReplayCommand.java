package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.cli.ConfigOption;
import io.mqttrelay.common.cli.ExitCode;
import io.mqttrelay.common.cli.Terminal;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.record.RelayIds;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.deadletter.KafkaFailure;
import io.mqttrelay.dispatch.deadletter.ReplayRate;
import io.mqttrelay.dispatch.deadletter.ReplayReport;
import io.mqttrelay.dispatch.deadletter.ReplayRun;
import io.mqttrelay.dispatch.deadletter.ReplayRun.Source;
import io.mqttrelay.dispatch.deadletter.ReplayRun.Tools;
import io.mqttrelay.dispatch.deadletter.Selection;
import io.mqttrelay.dispatch.sink.SinkProviders;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code relay replay}. */
@Command(
        name = "replay",
        description =
                "Sends what waits in dead letters again, each to the address that failed, with the same webhook-id."
                        + " 'relay dead-letters' with the same options shows what would be sent. Running it twice sends"
                        + " nothing twice; one that was interrupted is run again to go on.")
public final class ReplayCommand implements Callable<Integer> {
    private static final String NAME = "relay replay: ";
    private static final long MOST_A_SECOND = 1_000_000;

    @Mixin
    private final ConfigOption config =
            new ConfigOption(SinkProviders.installed().schemes());

    @Option(names = "--app-id", required = true, paramLabel = "ID", description = "Whose deliveries.")
    private String appId = "";

    @Mixin
    private final SelectionOptions selected = new SelectionOptions();

    @Option(names = "--rate", paramLabel = "N", description = "At most so many deliveries a second.")
    private @Nullable Long rate;

    @Option(names = "--dry-run", description = "Says what would be sent, and changes nothing.")
    private boolean dryRun;

    @Option(
            names = "--source",
            paramLabel = "dead-letters|messages",
            description =
                    "What is sent: dead letters, or with 'messages' everything that arrived between --from and --to,"
                            + " delivered or not. A run through messages that was interrupted is gone on with by the same"
                            + " options; one that was completed sends everything again.")
    private String source = Source.DEAD_LETTERS.text();

    @Option(names = "--json", description = "One JSON object at the end, and nothing else on stdout.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    private final Supplier<StopRequest> stops;

    /** Filled in by picocli; ends on a signal. */
    public ReplayCommand() {
        this(StopRequest::onSignals);
    }

    /** Makes a command with other stop requests: for programs in one process. */
    public ReplayCommand(Supplier<StopRequest> stops) {
        this.stops = stops;
    }

    @Override
    public Integer call() throws UsageException, KafkaFailure, InterruptedException {
        Source from = checkedSource();
        if (rate != null && (rate < 1 || rate > MOST_A_SECOND)) {
            throw new UsageException(NAME + "--rate must be 1.." + MOST_A_SECOND);
        }
        ConfigResult.Valid loaded = config.load();
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        loaded.warnings().forEach(warning -> line.getErr().println("warning: " + warning));
        var unused = selected.apps(loaded.config(), appId);
        Selection selection = selected.selection(loaded.config(), new Moments(Instant.now(), ZoneId.systemDefault()));

        Tools tools = tools(loaded.config(), line.getErr());
        KafkaFailure.unlessReached(tools.clients());
        tellOfDispatchers(tools.clients(), loaded.config(), line.getErr());
        ReplayRun run = from == Source.MESSAGES
                ? ReplayRun.ofMessages(tools, loaded.config(), appId, selection, selected.typed())
                : ReplayRun.ofDeadLetters(tools, loaded.config(), appId, selection);
        String id = new RelayIds(Clock.systemUTC(), new SecureRandom().nextLong()).next();
        ReplayReport report = new ReplayReport(appId, from, dryRun, id);
        try {
            carryOut(run, report, tools, line.getOut());
        } catch (KafkaFailure e) {
            TopicNames names = new TopicNames(loaded.config().kafka().topicPrefix());
            throw e.explained(tools.clients(), List.of(names.messages(appId), names.replay(appId), names.dead(appId)));
        }
        return report.isComplete() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void tellOfDispatchers(KafkaClients clients, RelayConfig config, PrintWriter err)
            throws InterruptedException {
        String group = config.dispatch().groupId();
        if (Dispatchers.running(clients, group).equals(OptionalInt.of(0))) {
            err.println("warning: no relay dispatch is running (group " + Printable.escape(group)
                    + " has no member): what is sent again waits in Kafka until one is started");
            err.flush();
        }
    }

    private Source checkedSource() throws UsageException {
        Source from = Source.of(source.strip());
        if (from == null) {
            throw new UsageException(
                    NAME + "--source must be dead-letters or messages, was '" + Printable.cut(source) + "'");
        }
        if (from == Source.MESSAGES && !selected.hasFrom()) {
            throw new UsageException(NAME + "--source messages needs --from: where history is to begin");
        }
        String deadLetterOption = selected.deadLetterOption();
        if (from == Source.MESSAGES && deadLetterOption != null) {
            throw new UsageException(NAME + deadLetterOption + " is about dead letters, not about --source messages");
        }
        return from;
    }

    private Tools tools(RelayConfig loaded, PrintWriter err) {
        StopRequest stop = stops.get();
        return new Tools(
                new KafkaClients(loaded.kafka(), "replay"),
                loaded.kafka(),
                stop,
                new ProgressLine(err, Terminal.ofThisProcess().errColumns(), System::nanoTime),
                new ReplayRate(rate == null ? 0 : rate, stop, System::nanoTime));
    }

    private void carryOut(ReplayRun run, ReplayReport report, Tools tools, PrintWriter out)
            throws KafkaFailure, InterruptedException {
        try {
            if (dryRun) {
                run.preview(report);
                say(() -> ReplayText.plan(report, out));
            } else {
                run.run(report, toSend -> {
                    if (report.source() == Source.DEAD_LETTERS) {
                        say(() -> ReplayText.plan(report, out));
                    }
                });
            }
        } finally {
            tools.progress().end();
            if (json) {
                out.println(ReplayText.json(report));
                out.flush();
            } else {
                ReplayText.end(report, out);
            }
        }
    }

    private void say(Runnable text) {
        if (!json) {
            text.run();
        }
    }
}
