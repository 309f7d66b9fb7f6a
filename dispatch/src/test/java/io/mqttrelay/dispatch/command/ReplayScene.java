package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.cli.Cli;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.dispatch.deadletter.DeadLetterScene;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands for dead letters, as they are typed, at a real Kafka with dead letters in it. */
abstract class ReplayScene extends DeadLetterScene {
    private static final Pattern SENT = Pattern.compile("sent (\\d+) deliver");

    ReplayScene(EmbeddedKafka kafka) {
        super(kafka);
    }

    /** The result of a command. */
    record Ended(int code, String out, String err) {}

    Ended run(String command, String... options) {
        return run(new StopRequest(), command, options);
    }

    Ended run(StopRequest stop, String command, String... options) {
        producer.flush();
        List<String> args = new ArrayList<>(List.of(command, "--config", config.toString()));
        args.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Cli.run(
                args.toArray(new String[0]),
                List.of(new DeadLettersCommand(), new ReplayCommand(() -> stop)),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        return new Ended(code, out.toString(), err.toString());
    }

    Ended replay(String... options) {
        List<String> args = new ArrayList<>(List.of("--app-id", "app"));
        args.addAll(List.of(options));
        return run("replay", args.toArray(new String[0]));
    }

    /** The records in the replay topic, as {@code id -> address}, each partition in its order. */
    List<String> replayed() {
        return stored.all(names.replay("app")).stream()
                .map(record -> header(record, "relay-id") + " -> " + header(record, "relay-address"))
                .toList();
    }

    /**
     * Waits for this many of them: a transaction becomes visible a moment after its producer knows that it is
     * committed.
     */
    List<String> replayed(int count) {
        await().atMost(PATIENCE).until(() -> replayed().size() >= count);
        return replayed();
    }

    /** The number of deliveries that a run says it sent. */
    static int sent(Ended ended) {
        Matcher matcher = SENT.matcher(ended.out());
        assertThat(matcher.find()).as(ended.out()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
