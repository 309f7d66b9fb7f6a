package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.ProcessCost;
import io.mqttrelay.bench.program.Job;
import io.mqttrelay.bench.program.Measured;
import io.mqttrelay.bench.program.Program;
import io.mqttrelay.bench.program.RelayProgram;
import io.mqttrelay.bench.program.Watch;
import io.mqttrelay.bench.server.MqttBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Measures the time until each service is ready, and its memory while it is idle. */
record StartScenario(String name, String title) implements Scenario {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration SMOKE = Duration.ofSeconds(1);
    /** Wait before a start, because the servers have just started themselves, or have just lost a client. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        try (MqttBroker broker = stage.startBroker()) {
            for (int round = 1; round <= settings.rounds(); round++) {
                for (String command : List.of("ingest", "dispatch")) {
                    if (settings.takesPart("relay-" + command)) {
                        results.accept(turn(stage, settings, broker, command, round));
                    }
                }
            }
        }
    }

    private Turn turn(Stage stage, Settings settings, MqttBroker broker, String command, int round) {
        String turn = name + "-" + command + "-" + round;
        Job job = Job.of(
                turn,
                name,
                stage.bootstrapServers(),
                broker.port(),
                List.of(stage.callback().url("/a")),
                1);
        Program program = new RelayProgram(command, List.of(), List.of(), 1);
        Watch.pause(settings.smoke() ? SMOKE : SETTLED);
        long begin = System.nanoTime();
        try (Measured measured = new Measured(program.start(stage.programs(), job)).awaitReady()) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            Watch.pause(settings.smoke() ? SMOKE : IDLE);
            ProcessCost cost = measured.cost();
            Map<String, Double> values = Map.of(Figures.START, seconds, Figures.RESIDENT, cost.residentBytes() / 1e6);
            return new Turn("relay-" + command, round, values, "");
        }
    }
}
