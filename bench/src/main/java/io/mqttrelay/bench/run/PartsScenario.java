package io.mqttrelay.bench.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.bench.probe.ProbeMain;
import io.mqttrelay.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures where messages spend their time from PUBLISH to POST, at a steady rate. It takes their age at a further
 * subscriber of the MQTT broker, at a further consumer of Kafka, and at the callback.
 *
 * @param entrants both halves of each
 */
record PartsScenario(String name, String title, int perSecond, Map<String, List<Program>> entrants)
        implements Scenario {
    private static final int IN_FLIGHT = 128;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern READY = Pattern.compile(ProbeMain.READY);
    private static final Pattern SAW = Pattern.compile(ProbeMain.SAW + "(\\{.*}) (\\{.*})");

    PartsScenario {
        entrants = new LinkedHashMap<>(entrants); // the order of the turns
    }

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        for (int round = 1; round <= settings.rounds(); round++) {
            for (String entrant : entrants.keySet()) {
                if (settings.takesPart(entrant)) {
                    turn(stage, settings, entrant, round).forEach(results);
                }
            }
        }
    }

    private List<Turn> turn(Stage stage, Settings settings, String entrant, int round) {
        String app = name + "-" + entrant + "-" + round;
        SteadyLoad load = SteadyLoad.of(perSecond, settings);
        stage.createTopic(RelayConfiguration.topic(app), settings.partitions());
        CallbackProcess callback = stage.callback();
        callback.begin(load.records(), settings.topics(), Conditions.INSTANT);
        try (Broker broker = stage.startBroker();
                Measured measured = start(stage, broker, app, entrant);
                JavaProcess probe = stage.probe(broker, app, load.settled(), load.records())) {
            probe.await(READY, PATIENCE);
            load.run(stage, broker, app, measured, settings, callback::forgetLatency);
            CallbackStats stats = callback.stats();
            Matcher saw = probe.await(SAW, PATIENCE);
            String problems = new Expected(load.records(), false).problems(stats.a());
            return List.of(
                    new Turn(entrant + " to MQTT", round, latencies(saw.group(1)), problems),
                    new Turn(entrant + " to Kafka", round, latencies(saw.group(2)), problems),
                    new Turn(entrant + " to POST", round, Figures.latencies(stats.latencies()), problems));
        }
    }

    private static Map<String, Double> latencies(String json) {
        try {
            return Figures.latencies(new ObjectMapper().readValue(json, Latencies.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not what a probe says: " + json, e);
        }
    }

    private Measured start(Stage stage, Broker broker, String app, String entrant) {
        List<String> urls = List.of(stage.callback().url("/a"));
        Job job = Job.of(app, app, stage.bootstrapServers(), broker.port(), urls, IN_FLIGHT);
        return Measured.start(entrants.getOrDefault(entrant, List.of()), stage.programs(), job)
                .awaitReady();
    }
}
