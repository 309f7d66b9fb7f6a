package io.mqttrelay.bench.run;

import io.mqttrelay.bench.callback.CallbackProcess;
import io.mqttrelay.bench.callback.CallbackStats;
import io.mqttrelay.bench.callback.Conditions;
import io.mqttrelay.bench.measure.Sample;
import io.mqttrelay.bench.program.ContenderProgram;
import io.mqttrelay.bench.program.Job;
import io.mqttrelay.bench.program.Measured;
import io.mqttrelay.bench.program.Program;
import io.mqttrelay.bench.program.RelayConfiguration;
import io.mqttrelay.bench.program.RelayProgram;
import io.mqttrelay.bench.program.Watch;
import io.mqttrelay.bench.wire.AppNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Increases one quantity from step to step: the cost of a delivery should stay constant.
 *
 * @param besideBare whether the bare loop is measured too, because the quantity itself has a cost
 */
record GrowthScenario(String name, String title, List<Step> steps, boolean besideBare) implements Scenario {
    private static final int IN_FLIGHT = 128; // the relay's own default
    private static final String BARE = "bare-virtual";
    private static final int SLOWEST = 2500; // deliveries a second

    GrowthScenario {
        steps = List.copyOf(steps);
    }

    /** One for each quantity. */
    static List<Scenario> all() {
        return List.of(
                growth(
                        "backlog",
                        false,
                        Step.of("10k", 10_000),
                        Step.of("100k", 100_000),
                        Step.of("1M", 1_000_000),
                        Step.of("10M", 10_000_000)),
                growth(
                        "apps",
                        false,
                        Step.of("1", 1_000_000),
                        Step.of("10", 1_000_000).apps(10),
                        Step.of("100", 1_000_000).apps(100),
                        Step.of("1000", 1_000_000).apps(1000)),
                growth(
                        "topics",
                        false,
                        Step.of("10", 1_000_000).topics(10),
                        Step.of("1k", 1_000_000).topics(1000),
                        Step.of("100k", 1_000_000).topics(100_000),
                        Step.of("1M", 1_000_000).topics(1_000_000)),
                growth(
                        "payload",
                        true,
                        Step.of("80B", 300_000).bytes(80),
                        Step.of("256B", 300_000),
                        Step.of("4kB", 300_000).bytes(4000),
                        Step.of("64kB", 30_000).bytes(64_000),
                        Step.of("1MB", 2000).bytes(1_000_000)),
                growth(
                        "fan-out",
                        false,
                        Step.of("1", 300_000),
                        Step.of("2", 300_000).addresses(2),
                        Step.of("4", 150_000).addresses(4),
                        Step.of("8", 75_000).addresses(8)));
    }

    private static Scenario growth(String quantity, boolean besideBare, Step... steps) {
        return new GrowthScenario(
                "p7-" + quantity,
                "the cost of a delivery as there is more of it: " + quantity,
                List.of(steps),
                besideBare);
    }

    /**
     * @param label follows {@code relay-}
     * @param topics MQTT topics, a multiple of the apps
     * @param bytes of a payload
     * @param addresses of each message
     */
    record Step(String label, int records, int topics, int bytes, int apps, int addresses) {
        static Step of(String label, int records) {
            return new Step(label, records, 1000, 256, 1, 1);
        }

        Step topics(int many) {
            return new Step(label, records, many, bytes, apps, addresses);
        }

        Step bytes(int many) {
            return new Step(label, records, topics, many, apps, addresses);
        }

        Step apps(int many) {
            return new Step(label, records, topics, bytes, many, addresses);
        }

        Step addresses(int many) {
            return new Step(label, records, topics, bytes, apps, many);
        }

        Settings in(Settings settings) {
            int messages = settings.smoke() ? Math.min(records, settings.records()) : records;
            return new Settings(
                    messages,
                    settings.rounds(),
                    topics,
                    bytes,
                    Math.max(1, settings.partitions() / apps),
                    settings.contenders(),
                    settings.limit().plus(Duration.ofSeconds((long) messages * addresses / SLOWEST)),
                    settings.smoke());
        }

        /** The paths of the addresses. The callback counts the first one separately and all others together. */
        List<String> paths() {
            List<String> paths = new ArrayList<>(List.of("/a"));
            for (int other = 1; other < addresses; other++) {
                paths.add("/b" + other);
            }
            return paths;
        }
    }

    /** Runs all steps in each round, so that a machine that gets slower affects all of them. */
    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Step step : Scenario.order(steps, round)) {
                Map<String, Program> entrants = entrants(step, step.in(settings));
                entrants.keySet().removeIf(entrant -> !settings.takesPart(entrant));
                if (!entrants.isEmpty()) {
                    run(stage, step, step.in(settings), entrants, round, results);
                }
            }
        }
    }

    /** The relay creates its other topics with the same number of partitions. */
    private Map<String, Program> entrants(Step step, Settings settings) {
        Map<String, Program> entrants = new LinkedHashMap<>();
        entrants.put(
                "relay-" + step.label(),
                new RelayProgram("dispatch", List.of(), List.of("\"partitions\": " + settings.partitions()), 1));
        if (besideBare) {
            entrants.put("bare-" + step.label(), new ContenderProgram(BARE));
        }
        return entrants;
    }

    private void run(
            Stage stage,
            Step step,
            Settings settings,
            Map<String, Program> entrants,
            int round,
            Consumer<Turn> results) {
        AppNames apps = new AppNames(name + "-" + step.label() + "-" + round, step.apps());
        List<String> topics =
                apps.names().stream().map(RelayConfiguration::topic).toList();
        stage.createTopics(topics, settings.partitions());
        stage.preload(apps, settings.records(), settings);
        for (Map.Entry<String, Program> entrant : Scenario.order(entrants.entrySet(), round)) {
            results.accept(turn(stage, step, settings, apps, entrant, round));
        }
        stage.deleteTopics(apps.names().stream()
                .map(RelayConfiguration::topic)
                .flatMap(topic -> Stream.of(topic, topic + ".replay", topic + ".dead"))
                .toList());
    }

    private Turn turn(
            Stage stage, Step step, Settings settings, AppNames apps, Map.Entry<String, Program> entrant, int round) {
        CallbackProcess callback = stage.callback();
        callback.begin(settings.records(), settings.topics(), Conditions.INSTANT);
        List<String> urls = step.paths().stream().map(callback::url).toList();
        String name = entrant.getKey();
        Job job = new Job(apps.base() + "-" + name, apps, stage.bootstrapServers(), 0, urls, IN_FLIGHT);
        try (Measured measured = new Measured(entrant.getValue().start(stage.programs(), job))) {
            if (name.startsWith("relay-")) {
                measured.awaitReady();
            }
            Watch watch = new Watch(measured, () -> delivered(callback.stats(), step));
            List<Sample> samples = watch.until((long) settings.records() * step.addresses(), settings.limit());
            Map<String, Double> values = Figures.of(samples);
            values.put("megabytes_per_second", values.getOrDefault(Figures.RATE, 0.0) * step.bytes() / 1e6);
            String problems = callback.stats().a().problems(settings.records(), name.startsWith("relay-"));
            return new Turn(name, round, values, problems);
        }
    }

    /** Deliveries to all addresses. */
    private static long delivered(CallbackStats stats, Step step) {
        return stats.a().delivered() + (step.addresses() == 1 ? 0 : stats.b().posts());
    }
}
