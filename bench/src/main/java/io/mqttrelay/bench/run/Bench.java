package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.ResultsFile;
import io.mqttrelay.bench.measure.TurnResult;
import io.mqttrelay.bench.program.Machine;
import io.mqttrelay.bench.program.Programs;
import io.mqttrelay.bench.report.FlameGraph;
import io.mqttrelay.bench.report.Report;
import io.mqttrelay.bench.report.TextTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench/run}. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures the packaged program against what its libraries allow and against its peers, in turns.")
final class Bench implements Callable<Integer> {
    private static final int SMOKE_RECORDS = 2000;

    @Parameters(paramLabel = "SCENARIO", description = "p1, p2, ...; all unless told")
    private List<String> names = new ArrayList<>();

    @Option(names = "--records", paramLabel = "N", description = "messages of a turn (default: ${DEFAULT-VALUE})")
    private int records = 600_000;

    @Option(names = "--rounds", paramLabel = "N", description = "turns of each contender (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(names = "--java", paramLabel = "HOME", description = "JDK of what is measured (default: the newest found)")
    private @Nullable Path java;

    @Option(names = "--jvm", paramLabel = "OPTION", description = "of what is measured; may be repeated")
    private List<String> jvmOptions = new ArrayList<>();

    @Option(names = "--contenders", paramLabel = "NAME", split = ",", description = "who takes part (default: all)")
    private Set<String> contenders = new LinkedHashSet<>();

    @Option(
            names = "--connect",
            paramLabel = "CLASSPATH",
            description = "with Kafka Connect and Aiven's HTTP sink: connect-batches takes part in p3")
    private String connect = "";

    @Option(
            names = "--label",
            paramLabel = "NAME",
            description = "keeps the results apart, for places of their own in the report: p1-NAME")
    private @Nullable String label;

    @Option(names = "--limit", paramLabel = "SECONDS", description = "of one turn (default: ${DEFAULT-VALUE})")
    private int limit = 60;

    @Option(
            names = "--smoke",
            description = "a few messages: every contender delivers everything once. Keeps no results")
    private boolean smoke;

    @Option(
            names = "--report",
            description = "measures nothing: writes kept results into docs/benchmarks.md, with charts")
    private boolean report;

    @Option(
            names = "--flame",
            paramLabel = "FILE",
            description = "measures nothing: draws collapsed stacks, as async-profiler writes them, as FILE.svg")
    private @Nullable Path flame;

    @Option(
            names = "--micro",
            paramLabel = "ARGS",
            arity = "0..1",
            fallbackValue = "",
            description = "runs JMH on what is hot inside, with these arguments")
    private @Nullable String micro;

    @Option(names = "--results", paramLabel = "FILE", description = "where results are added (default: bench/results)")
    private @Nullable Path results;

    @Option(names = "--checkout", paramLabel = "DIR", description = "the project (default: the folder it is run in)")
    private Path checkout = Path.of("");

    private Bench() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Bench());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (!(failure instanceof IllegalArgumentException)) {
                throw failure;
            }
            System.err.println("bench/run: " + failure.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (micro != null) {
            Main.main(micro.isBlank() ? new String[0] : micro.strip().split(" +", -1));
            return 0;
        }
        if (report) {
            new Report(checkout.resolve("docs")).write(new ResultsFile(resultsPath()).read());
            return 0;
        }
        if (flame != null) {
            Files.writeString(
                    Path.of(flame + ".svg"),
                    FlameGraph.of(String.valueOf(flame.getFileName()), Files.readAllLines(flame)));
            return 0;
        }
        List<Scenario> scenarios = chosen();
        Path folder = Files.createTempDirectory("relay-bench-");
        Path home = java == null ? Machine.newestJava(System.getenv()) : java;
        Programs programs = new Programs(folder, checkout.toAbsolutePath(), home, java == null, jvmOptions, connect);
        Settings settings = settings();
        ResultsFile file = new ResultsFile(smoke ? folder.resolve("smoke.jsonl") : resultsPath());
        boolean clean = true;
        try (Stage stage = new Stage(programs)) {
            if (!smoke) {
                Scenarios.warmUp().run(stage, Settings.warmUp(), turn -> {});
            }
            for (Scenario scenario : scenarios) {
                clean &= measure(scenario, stage, settings, file, home);
            }
        }
        if (clean) {
            delete(folder);
            return 0;
        }
        System.out.println("not everything was delivered once; what the processes said is in " + folder);
        return 1;
    }

    private List<Scenario> chosen() {
        List<Scenario> all = Scenarios.all();
        if (names.isEmpty()) {
            return smoke ? Scenarios.withEveryContender() : all;
        }
        return names.stream()
                .map(name -> all.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no scenario " + name)))
                .toList();
    }

    private Settings settings() {
        return smoke
                ? new Settings(SMOKE_RECORDS, 1, 100, 256, 12, contenders, Duration.ofSeconds(limit), true)
                : new Settings(records, rounds, 1000, 256, 12, contenders, Duration.ofSeconds(limit), false);
    }

    private Path resultsPath() {
        return results == null ? checkout.resolve("bench/results/results.jsonl") : results;
    }

    private boolean measure(Scenario scenario, Stage stage, Settings settings, ResultsFile file, Path home) {
        System.out.println(scenario.name() + ": " + scenario.title());
        String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("records", settings.records());
        told.put("topics", settings.topics());
        told.put("bytes", settings.bytes());
        told.put("partitions", settings.partitions());
        told.put("java", Machine.javaMajor(home));
        String name = label == null ? scenario.name() : scenario.name() + "-" + label;
        List<TurnResult> all = new ArrayList<>();
        scenario.run(stage, settings, turn -> {
            TurnResult result = turn.in(name, at, Machine.describe(), told);
            file.append(result);
            all.add(result);
            System.out.println(TextTable.line(result));
        });
        TextTable.of(all).forEach(System.out::println);
        return all.stream().allMatch(each -> each.problems().isEmpty());
    }

    private static void delete(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
