package io.mqttrelay.faults;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.net.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random faults, one after the other, under load. They are the same for every change, so that the change is the cause
 * of a failure. By hand {@code -Drelay.faults.soak.seconds} makes it longer, and {@code -Drelay.faults.soak.seed}
 * another one.
 */
@Tag("every-change")
final class SoakFaultIT extends FaultScene {
    private static final int SECONDS = Integer.getInteger("relay.faults.soak.seconds", 30);
    private static final long SEED = Long.getLong("relay.faults.soak.seed", 55);
    private static final int IN_FLIGHT = 16;
    private static final Duration RECOVERY = Duration.ofMinutes(2);

    private final Random random = new Random(SEED);
    private final List<String> happened = new ArrayList<>();
    private int repeated;

    SoakFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    /** A fault and its repair. */
    private record Fault(String name, Runnable happens) {}

    @Test
    void f55RandomFaults() {
        System.out.println("seed " + SEED);
        route(to("/a"));
        route("\"retry\": 100, \"retry_backoff\": {\"initial\": \"100ms\", \"max\": \"2s\"}, \"max_in_flight\": "
                + IN_FLIGHT);
        RelayService ingest = ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F55", 50, "/a");
        run.mqttBreaks();
        run.figure("seed", SEED);
        List<Fault> faults = faults(run, ingest, dispatch);
        run.flows(50);
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (System.nanoTime() < end) {
            Fault fault = faults.get(random.nextInt(faults.size()));
            happened.add(fault.name());
            fault.happens().run();
            Pause.forMillis(random.nextInt(4000));
        }
        run.figure("happened", happened.toString());
        ingest.ready();
        dispatch.ready();
        run.healed();
        run.ends(() -> repeated + unacknowledged(), RECOVERY);
    }

    private List<Fault> faults(Run run, RelayService ingest, RelayService dispatch) {
        return List.of(
                new Fault("MQTT connection reset", () -> mqtt.reset()),
                new Fault("MQTT black hole", () -> lasting(mqtt::blackHole, mqtt::pass)),
                new Fault("ingest's Kafka connections reset", () -> kafka.each(Listener.INGEST, TcpProxy::reset)),
                new Fault("dispatch's Kafka connections reset", () -> kafka.each(Listener.DISPATCH, TcpProxy::reset)),
                new Fault(
                        "nothing between ingest and Kafka",
                        () -> lasting(
                                () -> kafka.each(Listener.INGEST, TcpProxy::blackHole),
                                () -> kafka.each(Listener.INGEST, TcpProxy::pass))),
                new Fault("callback answers 503", () -> lasting(() -> answer(503), () -> answer(200))),
                new Fault("ingest killed", () -> {
                    ingest.kill();
                    ingest.startAgain();
                    ingest.ready();
                }),
                new Fault("dispatch killed", () -> {
                    repeated += run.answeredWithin(Duration.ofSeconds(1)) + IN_FLIGHT;
                    dispatch.kill();
                    callback.declareCrash();
                    dispatch.startAgain();
                    dispatch.ready();
                }),
                new Fault("dispatch stands still", () -> {
                    dispatch.process().suspend();
                    Pause.forMillis(random.nextInt(3000)); // shorter than its session
                    dispatch.process().resume();
                }));
    }

    private void answer(int status) {
        callback.on("/a", Answer.status(status));
    }

    private void lasting(Runnable begin, Runnable end) {
        begin.run();
        Pause.forMillis(random.nextInt(5000));
        end.run();
    }
}
