package io.mqttrelay.bench.run;

import io.mqttrelay.bench.callback.CallbackProcess;
import io.mqttrelay.bench.callback.CallbackStats;
import io.mqttrelay.bench.callback.Conditions;
import io.mqttrelay.bench.measure.Sample;
import io.mqttrelay.bench.program.Job;
import io.mqttrelay.bench.program.Measured;
import io.mqttrelay.bench.program.Program;
import io.mqttrelay.bench.program.RelayConfiguration;
import io.mqttrelay.bench.program.Watch;
import io.mqttrelay.bench.wire.AppNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Delivers a backlog in Kafka to a callback. Every turn reads the same records, in its own consumer group. */
record DispatchScenario(String name, String title, int inFlight, List<Entrant> entrants) implements Scenario {
    /** A wait in which wrong further deliveries would arrive. */
    private static final Duration AFTERMATH = Duration.ofMillis(300);

    /**
     * A participant, with its conditions.
     *
     * @param name one word, for display and for the command line
     * @param ordered whether it guarantees one MQTT topic's order
     */
    record Entrant(String name, Program program, Conditions conditions, boolean ordered) {}

    DispatchScenario {
        entrants = List.copyOf(entrants);
    }

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        List<Entrant> present = entrants.stream()
                .filter(each -> takesPart(each, stage, settings))
                .toList();
        stage.createTopic(RelayConfiguration.topic(name), settings.partitions());
        stage.preload(AppNames.one(name), settings.records(), settings);
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Entrant entrant : Scenario.order(present, round)) {
                results.accept(turn(stage, settings, entrant, round));
            }
        }
    }

    private static boolean takesPart(Entrant entrant, Stage stage, Settings settings) {
        if (!settings.takesPart(entrant.name())) {
            return false;
        }
        String missing = entrant.program().missing(stage.programs());
        if (!missing.isEmpty() && settings.contenders().contains(entrant.name())) {
            throw new IllegalArgumentException(entrant.name() + " cannot take part: " + missing);
        }
        if (!missing.isEmpty()) {
            System.out.println(entrant.name() + " takes no part: " + missing);
        }
        return missing.isEmpty();
    }

    private Turn turn(Stage stage, Settings settings, Entrant entrant, int round) {
        int counted = entrant.conditions().counted(settings.records(), settings.topics());
        CallbackProcess callback = stage.callback();
        callback.begin(settings.records(), settings.topics(), entrant.conditions());
        Job job = Job.of(
                name + "-" + entrant.name() + "-" + round,
                name,
                stage.bootstrapServers(),
                0,
                entrant.conditions().paths().stream().map(callback::url).toList(),
                inFlight);
        try (Measured measured = new Measured(entrant.program().start(stage.programs(), job))) {
            Watch watch = new Watch(measured, () -> callback.stats().a().delivered());
            ServerCosts servers = stage.serverCosts();
            List<Sample> samples = watch.until(counted, settings.limit());
            Map<String, Double> serverCosts = servers.perMessage(samples);
            Watch.pause(AFTERMATH);
            CallbackStats stats = callback.stats();
            Map<String, Double> values = Figures.of(samples);
            values.putAll(serverCosts);
            values.put(Figures.IN_FLIGHT, (double) inFlight);
            values.put(Figures.CALLBACK_MILLIS, (double)
                    entrant.conditions().delay().toMillis());
            values.put(
                    Figures.PER_CALL,
                    (double) stats.a().delivered() / Math.max(1, stats.a().posts()));
            values.put("answered_500", (double) stats.failed());
            values.put("posts_to_dead_address", (double) stats.down());
            boolean excused = watch.wasCutShort() && !settings.smoke();
            String problems = stats.a().problems(excused ? 0 : counted, entrant.ordered());
            return new Turn(entrant.name(), round, values, problems);
        }
    }
}
