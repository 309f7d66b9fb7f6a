package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.cli.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong options are reported in one line, before Kafka is contacted. */
class BadUsageTest {
    private static final String CONFIG = """
            {"mqtt_brokers": [{"client_id": "r", "broker_ip": "127.0.0.1", "sub_deal_config": {
              "app_id": "app", "callbackAddress": "http://127.0.0.1:9/", "subTopic": {"topic": "#", "qos": 1}}}],
             "kafka": {"bootstrap_servers": "127.0.0.1:1"}}
            """;

    @TempDir
    Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String command, String... options) throws IOException {
        Path config = Files.writeString(dir.resolve("relay.json"), CONFIG);
        List<String> args = new ArrayList<>(List.of(command, "--config", config.toString()));
        args.addAll(List.of(options));
        return Cli.run(
                args.toArray(new String[0]),
                List.of(new DeadLettersCommand(), new ReplayCommand()),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --app-id nobody                    | --app-id: the configuration has no app nobody, only app
            --reason bored                     | --reason: there is no 'bored', only rejected, retries_exhausted, expired
            --from yesterday                   | --from: 'yesterday' is not a time; write 2026-11-22T10:00:00Z,
            --to 25:00                         | --to: '25:00' is not a time
            --from -999999999-01-01T00:00Z     | --from: '-999999999-01-01T00:00Z' is not a time
            --to +999999999-12-31              | --to: '+999999999-12-31' is not a time
            --from 2026-01-02 --to 2026-01-01  | --from must be before --to
            --from 1h --to 1h                  | --from must be before --to
            --status 99                        | --status must be 100..999
            --status busy                      | --status
            --limit 0                          | --limit must be 1 or more
            --limit many                       | --limit
            --topic a/#/b                      | --topic: '#' must be the whole last level
            --address a?b                      | --address must be the URL or the id
            --colour red                       | unknown option '--colour'
            """)
    void theSameForBothCommands(String options, String said) throws IOException {
        for (String command : List.of("dead-letters", "replay")) {
            err.getBuffer().setLength(0);
            List<String> typed = new ArrayList<>();
            if (!options.contains("--app-id")) {
                typed.addAll(List.of("--app-id", "app"));
            }
            typed.addAll(List.of(options.split(" +")));
            assertThat(run(command, typed.toArray(new String[0]))).isEqualTo(2);
            assertThat(err.toString()).startsWith("relay " + command + ": ").contains(said);
            assertThat(out.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --rate 0                                    | --rate must be 1..1000000
            --source dust                               | --source must be dead-letters or messages, was 'dust'
            --source messages                           | --source messages needs --from
            --source messages --from 1h --reason expired| --reason is about dead letters
            --source messages --from 1h --status 503    | --status is about dead letters
            """)
    void ofReplay(String options, String said) throws IOException {
        List<String> typed = new ArrayList<>(List.of("--app-id", "app"));
        typed.addAll(List.of(options.split(" +")));
        assertThat(run("replay", typed.toArray(new String[0]))).isEqualTo(2);
        assertThat(err.toString()).startsWith("relay replay: ").contains(said);
    }

    @Test
    void anActionThatDeadLettersDoesNotHave() throws IOException {
        assertThat(run("dead-letters", "listing")).isEqualTo(2);
        assertThat(err.toString()).startsWith("relay dead-letters: unexpected 'listing', only list");
        assertThat(run("dead-letters", "list", "list")).isEqualTo(2);
    }

    @Test
    void aReplayNeedsAnAppId() throws IOException {
        assertThat(run("replay")).isEqualTo(2);
        assertThat(err.toString()).contains("--app-id");
    }

    @Test
    void aKafkaThatIsAwayIsOneLineInBoundedTime() throws Exception {
        Path config = Files.writeString(dir.resolve("relay.json"), CONFIG);
        long began = System.nanoTime();
        Map<String, StringWriter> errors = Map.of("dead-letters", new StringWriter(), "replay", new StringWriter());
        List<Callable<Integer>> commands = errors.entrySet().stream()
                .map(command -> (Callable<Integer>) () -> Cli.run(
                        new String[] {command.getKey(), "--config", config.toString(), "--app-id", "app"},
                        List.of(new DeadLettersCommand(), new ReplayCommand()),
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(command.getValue(), true)))
                .toList();
        ExecutorService executor = Executors.newFixedThreadPool(commands.size());
        try {
            for (Future<Integer> exitCode : executor.invokeAll(commands, 60, TimeUnit.SECONDS)) {
                assertThat(exitCode.get()).isEqualTo(1);
            }
        } finally {
            executor.shutdownNow();
        }
        errors.forEach((command, error) -> assertThat(error.toString())
                .startsWith("relay " + command + ": failed: Kafka at 127.0.0.1:1 cannot be reached: Connection refused")
                .hasLineCount(1));
        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
    }

    @Test
    void anUnknownKafkaHostIsOneLine() throws IOException {
        Path config = Files.writeString(
                dir.resolve("nowhere.json"), CONFIG.replace("127.0.0.1:1\"", "no-such-host.invalid:9092\""));
        assertThat(run("dead-letters", "--config", config.toString())).isEqualTo(2); // given twice
        err.getBuffer().setLength(0);
        assertThat(Cli.run(
                        new String[] {"dead-letters", "--config", config.toString()},
                        List.of(new DeadLettersCommand()),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true)))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "Kafka at no-such-host.invalid:9092 cannot be reached: the name no-such-host.invalid cannot be resolved")
                .hasLineCount(1);
    }
}
