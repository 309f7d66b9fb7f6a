package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures PUBLISH to callback, through Kafka, at a steady rate. See {@link SteadyLoad}.
 *
 * @param entrants both halves of each
 */
record EndToEndScenario(String name, String title, int perSecond, Map<String, List<Program>> entrants)
        implements Scenario {
    private static final int IN_FLIGHT = 128;

    EndToEndScenario {
        entrants = new LinkedHashMap<>(entrants); // the order of the turns
    }

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Map.Entry<String, List<Program>> entrant : Rounds.order(entrants.entrySet(), round)) {
                if (settings.takesPart(entrant.getKey())) {
                    results.accept(turn(stage, settings, entrant.getKey(), round));
                }
            }
        }
    }

    private Turn turn(Stage stage, Settings settings, String entrant, int round) {
        String app = name + "-" + entrant + "-" + round;
        SteadyLoad load = SteadyLoad.of(perSecond, settings);
        stage.createTopic(RelayConfiguration.topic(app), settings.partitions());
        CallbackProcess callback = stage.callback();
        callback.begin(load.records(), settings.topics(), Conditions.INSTANT);
        try (Broker broker = stage.startBroker();
                Measured measured = start(stage, broker, app, entrant)) {
            ServerCosts servers = stage.serverCosts();
            List<Sample> samples = load.run(stage, broker, app, measured, settings, () -> {
                callback.forgetLatency();
                servers.restart();
            });
            Map<String, Double> values = Figures.of(samples);
            values.putAll(servers.perMessage(samples));
            CallbackStats stats = callback.stats();
            values.putAll(Figures.latencies(stats.latencies()));
            return new Turn(entrant, round, values, new Expected(load.records(), false).problems(stats.a()));
        }
    }

    private Measured start(Stage stage, Broker broker, String app, String entrant) {
        Job job = Job.of(
                app,
                app,
                stage.bootstrapServers(),
                broker.port(),
                List.of(stage.callback().url("/a")),
                IN_FLIGHT);
        return Measured.start(entrants.getOrDefault(entrant, List.of()), stage.programs(), job)
                .awaitReady();
    }
}
