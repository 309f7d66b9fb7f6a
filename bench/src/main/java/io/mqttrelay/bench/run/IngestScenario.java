package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.Sample;
import io.mqttrelay.bench.program.Job;
import io.mqttrelay.bench.program.Measured;
import io.mqttrelay.bench.program.Program;
import io.mqttrelay.bench.program.RelayConfiguration;
import io.mqttrelay.bench.program.Watch;
import io.mqttrelay.bench.server.MqttBroker;
import io.mqttrelay.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Sends a burst of QoS 1 messages to Kafka. Every turn has its own app and topic. */
record IngestScenario(String name, String title, Map<String, Program> entrants) implements Scenario {
    private static final Duration AFTERMATH = Duration.ofSeconds(30);

    IngestScenario {
        entrants = new LinkedHashMap<>(entrants); // the order of the turns
    }

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Map.Entry<String, Program> entrant : Scenario.order(entrants.entrySet(), round)) {
                if (settings.takesPart(entrant.getKey())) {
                    results.accept(turn(stage, settings, entrant.getKey(), entrant.getValue(), round));
                }
            }
        }
    }

    private Turn turn(Stage stage, Settings settings, String entrant, Program program, int round) {
        String app = name + "-" + entrant + "-" + round;
        String topic = RelayConfiguration.topic(app);
        stage.createTopic(topic, settings.partitions());
        StoredMessages stored = new StoredMessages(stage, topic, settings.partitions());
        int records = settings.records();
        try (MqttBroker broker = stage.startBroker()) {
            Job job = Job.of(app, app, stage.bootstrapServers(), broker.port(), List.of(), 1);
            try (Measured measured = new Measured(program.start(stage.programs(), job)).awaitReady();
                    JavaProcess publisher = stage.publish(broker, app, records, 0, settings)) {
                ServerCosts servers = stage.serverCosts();
                List<Sample> samples = new Watch(measured, stored::count).until(records, settings.limit());
                Map<String, Double> serverCosts = servers.perMessage(samples);
                publisher.awaitExit(AFTERMATH);
                String problems = stored.account(records, settings.topics()).problems(records, true);
                Map<String, Double> values = Figures.of(samples);
                values.putAll(serverCosts);
                values.put(Figures.KAFKA_BYTES, (double) stored.bytes() / records);
                return new Turn(entrant, round, values, problems);
            }
        }
    }
}
