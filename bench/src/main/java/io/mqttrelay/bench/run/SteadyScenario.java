package io.mqttrelay.bench.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.bench.callback.CallbackProcess;
import io.mqttrelay.bench.callback.CallbackStats;
import io.mqttrelay.bench.callback.Conditions;
import io.mqttrelay.bench.measure.Sample;
import io.mqttrelay.bench.probe.ProbeMain;
import io.mqttrelay.bench.program.Job;
import io.mqttrelay.bench.program.Measured;
import io.mqttrelay.bench.program.Program;
import io.mqttrelay.bench.program.RelayConfiguration;
import io.mqttrelay.bench.server.MqttBroker;
import io.mqttrelay.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures PUBLISH to callback, through Kafka, at a steady rate. See {@link SteadyLoad}.
 *
 * @param entrants both halves of each
 * @param inParts whether it takes the messages' age at a further subscriber of the MQTT broker and at a further
 *     consumer of Kafka too, as turns of their own
 */
record SteadyScenario(String name, String title, int perSecond, Map<String, List<Program>> entrants, boolean inParts)
        implements Scenario {
    private static final int IN_FLIGHT = 128;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern READY = Pattern.compile(ProbeMain.READY);
    private static final Pattern SAW = Pattern.compile(ProbeMain.SAW + "(\\{.*}) (\\{.*})");

    SteadyScenario {
        entrants = new LinkedHashMap<>(entrants); // the order of the turns
    }

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        for (int round = 1; round <= settings.rounds(); round++) {
            for (String entrant : Scenario.order(entrants.keySet(), round)) {
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
        stage.callback().begin(load.records(), settings.topics(), Conditions.INSTANT);
        try (MqttBroker broker = stage.startBroker();
                Measured measured = start(stage, broker, app, entrant)) {
            SteadyLoad.Run run = new SteadyLoad.Run(stage, broker, app, measured, settings);
            return inParts ? parts(run, load, entrant, round) : List.of(whole(run, load, entrant, round));
        }
    }

    private static Turn whole(SteadyLoad.Run run, SteadyLoad load, String entrant, int round) {
        CallbackProcess callback = run.stage().callback();
        ServerCosts servers = run.stage().serverCosts();
        List<Sample> samples = load.run(run, () -> {
            callback.forgetLatency();
            servers.restart();
        });
        Map<String, Double> values = Figures.of(samples);
        values.putAll(servers.perMessage(samples));
        CallbackStats stats = callback.stats();
        values.putAll(Figures.latencies(stats.latencies()));
        return new Turn(entrant, round, values, stats.a().problems(load.records(), false));
    }

    private static List<Turn> parts(SteadyLoad.Run run, SteadyLoad load, String entrant, int round) {
        CallbackProcess callback = run.stage().callback();
        try (JavaProcess probe = run.stage().probe(run.broker(), run.app(), load.settled(), load.records())) {
            probe.await(READY, PATIENCE);
            load.run(run, callback::forgetLatency);
            CallbackStats stats = callback.stats();
            Matcher saw = probe.await(SAW, PATIENCE);
            String problems = stats.a().problems(load.records(), false);
            return List.of(
                    new Turn(entrant + " to MQTT", round, latencies(saw.group(1)), problems),
                    new Turn(entrant + " to Kafka", round, latencies(saw.group(2)), problems),
                    new Turn(entrant + " to POST", round, Figures.latencies(stats.latencies()), problems));
        }
    }

    private static Map<String, Double> latencies(String json) {
        try {
            return Figures.latencies(new ObjectMapper().readValue(json, CallbackStats.Latencies.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not what a probe says: " + json, e);
        }
    }

    private Measured start(Stage stage, MqttBroker broker, String app, String entrant) {
        List<String> urls = List.of(stage.callback().url("/a"));
        Job job = Job.of(app, app, stage.bootstrapServers(), broker.port(), urls, IN_FLIGHT);
        return Measured.start(entrants.getOrDefault(entrant, List.of()), stage.programs(), job)
                .awaitReady();
    }
}
