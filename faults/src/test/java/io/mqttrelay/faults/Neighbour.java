package io.mqttrelay.faults;

import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.http.CallbackServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A healthy stream of messages beside a failure: MQTT topics at a steady rate, one callback address, one verdict.
 * Belongs to the test's thread.
 */
final class Neighbour implements AutoCloseable {
    private static final Duration CONTROL = Duration.ofSeconds(6);
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration LAST_ARRIVES = Duration.ofSeconds(10);
    private static final int REPETITIONS_SHOW_MILLIS = 500;

    private final NeighbourScene scene;
    private final Plan plan;
    private double controlP99;
    private Load load;
    private int connections;

    /**
     * The settings of a neighbour.
     *
     * @param row its name in the figures
     * @param clientId of the MQTT connection of {@code ingest} that must not break
     * @param shape of the published messages
     * @param callback has the address
     * @param path of the address
     */
    record Plan(String row, String clientId, Load.Shape shape, CallbackServer callback, String path) {}

    private Neighbour(NeighbourScene scene, Plan plan, Load load) {
        this.scene = scene;
        this.plan = plan;
        this.load = load;
    }

    /**
     * Publishes a control run of some seconds, to its end, and keeps its p99; services must be ready and nothing
     * broken.
     */
    static Neighbour afterControl(NeighbourScene scene, Plan plan) {
        Neighbour neighbour = new Neighbour(scene, plan, Load.start(scene.mosquitto.port(), plan.shape()));
        plan.callback().await(plan.path(), 1, WARM_UP); // the first call is no measure
        neighbour.restart();
        neighbour.controlP99 = Double.POSITIVE_INFINITY; // a control run has no limit of p99, it sets one
        Pause.forMillis(CONTROL.toMillis());
        NeighbourVerdict control = neighbour.verdict(NeighbourVerdict.P99_MILLIS);
        if (!control.holds()) {
            neighbour.close();
            throw new AssertionError("the control run of " + plan.row() + " fails: " + control.problems());
        }
        neighbour.controlP99 = control.p99();
        return neighbour;
    }

    /**
     * Starts to publish, without a control run: the limit of p99 is that of the rules, {@value
     * NeighbourVerdict#P99_MILLIS} ms.
     */
    static Neighbour without(NeighbourScene scene, Plan plan) {
        Neighbour neighbour = new Neighbour(scene, plan, Load.start(scene.mosquitto.port(), plan.shape()));
        neighbour.connections = neighbour.connectionsSoFar();
        return neighbour;
    }

    /** Publishes the messages to be judged: from here on the failure may happen. */
    Neighbour begin() {
        load = Load.start(scene.mosquitto.port(), plan.shape());
        connections = connectionsSoFar();
        return this;
    }

    private void restart() {
        load.stop();
        load.close();
        begin();
    }

    /** Messages published since {@link #begin}. */
    List<Sent> sent() {
        return load.sent();
    }

    /** Number of these that the callback has accepted. */
    long arrived() {
        Set<String> accepted = acceptedIds();
        return load.sent().stream().map(Sent::id).filter(accepted::contains).count();
    }

    /**
     * Stops publishing, waits for the messages in flight, prints the figures, and fails if the failure had an effect.
     */
    void feltNothing() {
        feltAtMost(NeighbourVerdict.P99_MILLIS);
    }

    /** Judges a failure that may take others this long: milliseconds for the p99. */
    void feltAtMost(int p99Millis) {
        NeighbourVerdict verdict = verdict(p99Millis);
        Result result = new Result(plan.row(), Mutant.NONE);
        verdict.figures().forEach(result::figure);
        result.figure("limits", Limits.described(RelayService.launcher()));
        result.write(verdict.holds());
        if (!verdict.holds()) {
            throw new AssertionError(
                    plan.row() + ", the neighbour: " + String.join("; ", verdict.problems()) + " " + verdict.figures());
        }
    }

    private NeighbourVerdict verdict(int p99Millis) {
        load.stop();
        Set<String> wanted = new HashSet<>(load.sent().stream().map(Sent::id).toList());
        long deadline = System.nanoTime() + LAST_ARRIVES.toNanos();
        while (!acceptedIds().containsAll(wanted) && System.nanoTime() < deadline) {
            Pause.shortly();
        }
        Pause.forMillis(REPETITIONS_SHOW_MILLIS);
        return NeighbourVerdict.of(
                new NeighbourVerdict.Seen(
                        load.sent(), load.sentAtNanos(), accepted(), controlP99, connectionsSoFar() - connections),
                p99Millis);
    }

    private Set<String> acceptedIds() {
        return new HashSet<>(accepted().stream().map(Delivery::id).toList());
    }

    private List<Delivery> accepted() {
        String address = plan.callback().url(plan.path());
        return plan.callback().deliveries().stream()
                .filter(delivery -> delivery.accepted() && delivery.address().equals(address))
                .toList();
    }

    /** Connects and disconnects of the client that the MQTT broker has seen. */
    private int connectionsSoFar() {
        String client = Pattern.quote(plan.clientId());
        Pattern event = Pattern.compile("New client connected from \\S+ as " + client + " |Client " + client
                + " (?:closed its connection|disconnected|has exceeded timeout|already connected)");
        return (int) scene.mosquitto
                .log()
                .lines()
                .filter(line -> event.matcher(line).find())
                .count();
    }

    @Override
    public void close() {
        load.close();
    }
}
