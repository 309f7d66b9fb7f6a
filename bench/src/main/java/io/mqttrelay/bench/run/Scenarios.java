package io.mqttrelay.bench.run;

import io.mqttrelay.bench.callback.Conditions;
import io.mqttrelay.bench.contender.Contenders;
import io.mqttrelay.bench.program.ContenderProgram;
import io.mqttrelay.bench.program.Program;
import io.mqttrelay.bench.program.RelayProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All scenarios. */
final class Scenarios {
    private static final int DEFAULT_IN_FLIGHT = 128; // the relay's own default
    private static final int MANY_IN_FLIGHT = 256;
    private static final String RELAY = "relay";
    /** Measured values of {@code max_in_flight}. */
    private static final List<Integer> LIMITS = List.of(DEFAULT_IN_FLIGHT, 8, 16, 32, 64, MANY_IN_FLIGHT, 1000);

    /** Measured values of ingest's {@code linger.ms}, besides the relay's default. */
    private static final List<Integer> LINGERS = List.of(0, 5);

    private static final String ANY_ORDER = "\"ordering\": \"none\"";
    /**
     * A short backoff. With the default, a lane waits a second after each failure, and the number of lanes would
     * decide the result.
     */
    private static final String QUICK_RETRY = "\"retry_backoff\": {\"initial\": \"100ms\"}";

    private Scenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(List.of(
                instant(),
                sustained(),
                inFlight(),
                slowCallback(),
                batches(),
                burst(),
                steady("p5-1000", 1000),
                steady("p5-5000", 5000),
                parts(),
                failures(),
                deadAddress(),
                blockedTopic()));
        all.addAll(GrowthScenario.all());
        all.add(new ScaleOutScenario("p8", "1, 2 and 4 dispatchers, a callback that takes 50 ms", List.of(1, 2, 4)));
        all.add(new StartScenario("p9", "from start to ready, and memory while idle"));
        return all;
    }

    /**
     * A scenario that is not measured: Kafka and the callback are slow at first, which would distort the first turn.
     */
    static Scenario warmUp() {
        return new DispatchScenario(
                "warm-up",
                "Kafka and the callback",
                DEFAULT_IN_FLIGHT,
                List.of(contender("bare-virtual", Conditions.INSTANT)));
    }

    /** The fewest scenarios in which every contender takes part. */
    static List<Scenario> withEveryContender() {
        return List.of(instant(), batches(), burst(), steady("p5-1000", 1000));
    }

    private static Scenario instant() {
        Conditions instant = Conditions.INSTANT;
        return new DispatchScenario(
                "p1",
                "dispatch, a callback that answers at once",
                DEFAULT_IN_FLIGHT,
                List.of(
                        relay(RELAY, instant),
                        contender("bare-virtual", instant),
                        contender("parallel-vertx", instant),
                        contender("parallel-vertx-key", instant),
                        contender("parallel-key", instant),
                        contender("parallel-unordered", instant),
                        contender("bare-platform", instant),
                        contender("camel", instant),
                        contender("plain", instant)));
    }

    private static Scenario sustained() {
        Conditions instant = Conditions.INSTANT;
        return new AdjustedScenario(
                new DispatchScenario(
                        "p1-long",
                        "the same with three times the messages",
                        DEFAULT_IN_FLIGHT,
                        List.of(
                                relay(RELAY, instant),
                                contender("bare-virtual", instant),
                                contender("parallel-vertx-key", instant))),
                settings -> settings.times(3));
    }

    /** The best limit here is the upper bound for a limit that adapts itself. */
    private static Scenario inFlight() {
        return new DispatchScenario(
                "p1-in-flight",
                "dispatch, a callback that answers at once, other limits of calls in flight",
                DEFAULT_IN_FLIGHT,
                LIMITS.stream()
                        .map(limit -> relay(
                                limit == DEFAULT_IN_FLIGHT ? RELAY : "relay-" + limit,
                                Conditions.INSTANT,
                                "\"max_in_flight\": " + limit))
                        .toList());
    }

    private static Scenario slowCallback() {
        Conditions slow = Conditions.INSTANT.delay(Duration.ofMillis(20));
        return new DispatchScenario(
                "p2",
                "dispatch, a callback that takes 20 ms, 256 calls at once",
                MANY_IN_FLIGHT,
                List.of(
                        relay(RELAY, slow, "\"max_in_flight\": " + MANY_IN_FLIGHT),
                        contender("bare-virtual", slow),
                        contender("parallel-vertx", slow),
                        contender("parallel-key", slow),
                        contender("bare-platform", slow),
                        contender("camel", slow),
                        contender("plain", slow)));
    }

    private static Scenario batches() {
        String batch = "\"batch\": {\"max_messages\": 500, \"max_bytes\": \"1MB\"}";
        return new DispatchScenario(
                "p3",
                "dispatch in batches of 500, a callback that answers at once",
                DEFAULT_IN_FLIGHT,
                List.of(
                        relay(RELAY, Conditions.INSTANT, batch),
                        contender("bare-batches", Conditions.INSTANT),
                        contender("connect-batches", Conditions.INSTANT)));
    }

    private static Scenario burst() {
        Map<String, Program> entrants = new LinkedHashMap<>();
        entrants.put(RELAY, RelayProgram.ingest());
        entrants.put("bare-ingest", new ContenderProgram("bare-ingest"));
        entrants.put("camel-ingest", new ContenderProgram("camel-ingest"));
        for (int linger : LINGERS) {
            entrants.put("relay-linger-" + linger, lingering(linger));
        }
        return new IngestScenario("p4", "ingest of a burst with QoS 1", entrants);
    }

    private static Scenario steady(String name, int perSecond) {
        Map<String, List<Program>> entrants = new LinkedHashMap<>();
        entrants.put(RELAY, List.of(RelayProgram.ingest(), RelayProgram.dispatch()));
        for (int linger : LINGERS) {
            entrants.put("relay-linger-" + linger, List.of(lingering(linger), RelayProgram.dispatch()));
        }
        return new SteadyScenario(
                name, "from PUBLISH to POST at " + perSecond + " a second", perSecond, entrants, false);
    }

    private static Scenario parts() {
        Map<String, List<Program>> entrants = new LinkedHashMap<>();
        entrants.put(RELAY, List.of(RelayProgram.ingest(), RelayProgram.dispatch()));
        return new SteadyScenario("p5-parts", "where the time goes at 1,000 a second", 1000, entrants, true);
    }

    private static Program lingering(int millis) {
        return RelayProgram.ingest("\"producer\": {\"linger.ms\": \"" + millis + "\"}");
    }

    private static Scenario failures() {
        Conditions clean = Conditions.INSTANT;
        Conditions failing = clean.failing(100);
        return new DispatchScenario(
                "p6-500",
                "a tenth of the calls is answered with 500",
                DEFAULT_IN_FLIGHT,
                List.of(
                        relay(RELAY, failing),
                        relay("relay-clean", clean),
                        relay("relay-quick-retry", failing, QUICK_RETRY),
                        unordered("relay-unordered", failing),
                        unordered("relay-unordered-clean", clean),
                        contender("parallel-vertx", failing),
                        contender("parallel-key", failing)));
    }

    private static Scenario deadAddress() {
        Conditions both = Conditions.INSTANT.to("/a", "/b");
        Conditions dead = Conditions.INSTANT.to("/a", "/down");
        return new DispatchScenario(
                "p6-dead",
                "one of two addresses is down; messages to the other",
                DEFAULT_IN_FLIGHT,
                List.of(
                        relay(RELAY, dead),
                        relay("relay-both-work", both),
                        relay("relay-one-address", Conditions.INSTANT)));
    }

    private static Scenario blockedTopic() {
        return new AdjustedScenario(
                new DispatchScenario(
                        "p10",
                        "one of 25 MQTT topics always gets 404; messages of the others",
                        DEFAULT_IN_FLIGHT,
                        List.of(
                                relay(RELAY, Conditions.INSTANT.aside(0, true)),
                                relay("relay-none-blocked", Conditions.INSTANT.aside(0, false)))),
                settings -> settings.topics(25));
    }

    private static DispatchScenario.Entrant relay(String name, Conditions conditions, String... routeKeys) {
        return new DispatchScenario.Entrant(name, RelayProgram.dispatch(routeKeys), conditions, true);
    }

    private static DispatchScenario.Entrant unordered(String name, Conditions conditions) {
        return new DispatchScenario.Entrant(name, RelayProgram.dispatch(ANY_ORDER), conditions, false);
    }

    private static DispatchScenario.Entrant contender(String name, Conditions conditions) {
        return new DispatchScenario.Entrant(name, new ContenderProgram(name), conditions, Contenders.keepsOrder(name));
    }
}
