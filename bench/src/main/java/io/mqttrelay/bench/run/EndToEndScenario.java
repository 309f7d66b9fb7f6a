package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.Sample;
import io.mqttrelay.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * From PUBLISH through Kafka to the callback at a steady rate. The first seconds warm up: their latencies do not count.
 *
 * @param entrants both halves of each
 */
record EndToEndScenario(String name, String title, int perSecond, Map<String, List<Program>> entrants)
        implements Scenario {
    private static final int WARM_UP = 100_000;
    private static final int SECONDS = 30;
    private static final int IN_FLIGHT = 128;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    EndToEndScenario {
        entrants = new LinkedHashMap<>(entrants); // in turns, in this order
    }

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Map.Entry<String, List<Program>> entrant : entrants.entrySet()) {
                if (settings.takesPart(entrant.getKey())) {
                    results.accept(turn(stage, settings, entrant.getKey(), round));
                }
            }
        }
    }

    private Turn turn(Stage stage, Settings settings, String entrant, int round) {
        String app = name + "-" + entrant + "-" + round;
        int warmUp = settings.smoke() ? 1 : WARM_UP;
        int records = settings.smoke() ? settings.records() : warmUp + SECONDS * perSecond;
        stage.createTopic(RelayConfiguration.topic(app), settings.partitions());
        CallbackProcess callback = stage.callback();
        callback.begin(records, settings.topics(), Conditions.INSTANT);
        try (Broker broker = stage.startBroker();
                Measured measured = start(stage, broker, app, entrant);
                JavaProcess publisher = stage.publish(broker, app, warmUp, records, perSecond, settings)) {
            Duration atMost = Duration.ofSeconds(records / perSecond).plus(PATIENCE);
            LongSupplier delivered = () -> callback.stats().a().delivered();
            new Watch(measured, delivered).until(warmUp, atMost);
            callback.forgetLatency();
            ServerCosts servers = stage.serverCosts();
            List<Sample> samples = new Watch(measured, delivered).until(records, atMost);
            Map<String, Double> serverCosts = servers.perMessage(records - warmUp);
            publisher.awaitExit(PATIENCE);
            CallbackStats stats = callback.stats();
            Map<String, Double> values = Figures.of(samples);
            values.putAll(serverCosts);
            values.putAll(Figures.latencies(stats.latencies()));
            return new Turn(entrant, round, values, new Expected(records, false).problems(stats.a()));
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
