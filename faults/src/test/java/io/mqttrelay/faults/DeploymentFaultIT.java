package io.mqttrelay.faults;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The services of docker-compose.yml, as processes: three Kafka brokers, two ingests that share the messages, two
 * dispatchers that share the work. One of each is killed while the others continue.
 */
@Tag("every-change")
final class DeploymentFaultIT extends FaultScene {
    private static final int RATE = 150;
    private static final int FLOW = 150;
    private static final int IN_FLIGHT = 16;

    /** Upper limit of the time between two commits, even on a busy machine. */
    private static final Duration UNCOMMITTED = Duration.ofMillis(500);

    private static final Duration RECOVERY = Duration.ofSeconds(60);

    DeploymentFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f56OneOfEachIsKilledAndTheOthersCarryOn() {
        within("broker", "\"shared_group\": \"relay\"");
        route(to("/a"));
        route("\"max_in_flight\": " + IN_FLIGHT);
        RelayService ingest = ingest();
        RelayService otherIngest = ingest();
        RelayService dispatch = dispatch();
        RelayService otherDispatch = dispatch();
        ingest.ready();
        otherIngest.ready();
        dispatch.ready();
        otherDispatch.ready();
        Run run = run("F56", RATE, "/a");
        run.orderMayBreak(); // between the members of a shared group MQTT defines none
        run.flows(FLOW * 2);

        kafka.kill(1);
        run.flows(FLOW);
        ingest.kill();
        run.flows(FLOW);
        run.awaitCaughtUp(FLOW, RECOVERY); // delivered messages are committed again
        int repeated = run.answeredWithin(UNCOMMITTED) + IN_FLIGHT;
        dispatch.kill();
        callback.declareCrash();
        run.flows(FLOW);

        ingest.startAgain();
        dispatch.startAgain();
        kafka.startAll();
        run.healed();
        ingest.ready();
        dispatch.ready();
        run.flows(FLOW);
        run.ends(() -> repeated + unacknowledged(ingest) + unacknowledged(otherIngest), RECOVERY);
    }

    /** The number of messages that the MQTT broker sends this ingest again. */
    private int unacknowledged(RelayService ingest) {
        return Unacknowledged.in(mosquitto.log(), app + "-" + ingest.name());
    }
}
