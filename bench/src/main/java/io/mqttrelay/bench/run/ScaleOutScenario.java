package io.mqttrelay.bench.run;

import io.mqttrelay.bench.callback.CallbackProcess;
import io.mqttrelay.bench.callback.Conditions;
import io.mqttrelay.bench.measure.Sample;
import io.mqttrelay.bench.program.Job;
import io.mqttrelay.bench.program.Measured;
import io.mqttrelay.bench.program.Program;
import io.mqttrelay.bench.program.RelayConfiguration;
import io.mqttrelay.bench.program.RelayProgram;
import io.mqttrelay.bench.program.Watch;
import io.mqttrelay.bench.wire.AppNames;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Measures several dispatchers on one app's messages. The work begins when all of them are ready. */
record ScaleOutScenario(String name, String title, List<Integer> copies) implements Scenario {
    private static final Duration CALLBACK = Duration.ofMillis(50);
    private static final int IN_FLIGHT = 128; // the relay's own default
    /** Long enough that the counted middle comes after each process has compiled most of its code. */
    private static final int SECONDS = 40;

    private static final Duration SETTLE = Duration.ofSeconds(5);

    ScaleOutScenario {
        copies = List.copyOf(copies);
    }

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        for (int round = 1; round <= settings.rounds(); round++) {
            for (int count : copies) {
                String entrant = String.format(Locale.ROOT, "relay-x%d", count);
                if (settings.takesPart(entrant)) {
                    results.accept(turn(stage, settings, entrant, count, round));
                }
            }
        }
    }

    private Turn turn(Stage stage, Settings settings, String entrant, int count, int round) {
        String app = name + "-" + entrant + "-" + round;
        int atMost = (int) (TimeUnit.SECONDS.toMillis(1) / CALLBACK.toMillis()) * count * IN_FLIGHT;
        int records = settings.smoke() ? settings.records() : atMost * SECONDS;
        stage.createTopic(RelayConfiguration.topic(app), settings.partitions());
        CallbackProcess callback = stage.callback();
        callback.begin(records, settings.topics(), Conditions.INSTANT.delay(CALLBACK));
        Job job = Job.of(app, app, stage.bootstrapServers(), 0, List.of(callback.url("/a")), IN_FLIGHT);
        Program program = new RelayProgram("dispatch", List.of(), List.of(), count);
        try (Measured measured = new Measured(program.start(stage.programs(), job)).awaitReady()) {
            Watch.pause(SETTLE); // a joining member causes a rebalance
            stage.preload(AppNames.one(app), records, settings);
            ServerCosts servers = stage.serverCosts();
            List<Sample> samples = new Watch(
                            measured, () -> callback.stats().a().delivered())
                    .until(records, settings.limit().plusSeconds(SECONDS));
            Map<String, Double> values = Figures.of(samples);
            values.putAll(servers.perMessage(samples)); // both without the preload and without the deliveries during it
            values.put(Figures.IN_FLIGHT, (double) count * IN_FLIGHT);
            values.put(Figures.CALLBACK_MILLIS, (double) CALLBACK.toMillis());
            return new Turn(entrant, round, values, callback.stats().a().problems(records, true));
        }
    }
}
