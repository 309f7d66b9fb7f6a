package io.mqttrelay.faults;

import io.mqttrelay.faults.KafkaCluster.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A Kafka broker is cut off from the two others, and clients reach all three: records that it alone holds are not
 * stored.
 */
@Tag("by-hand")
final class IsolationFaultIT extends FaultScene {
    private static final int RATE = 100;
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    IsolationFaultIT() {
        super(KafkaCluster.launch(new Kind(0, true)));
    }

    @Test
    void f21ABrokerIsCutOffFromTheOthers() {
        opened(kafka); // used by no other row
        ingest().ready();
        dispatch().ready();
        Run run = run("F21", RATE, "/a");
        run.flows(RATE);
        kafka.isolate(1); // leads a third of the partitions, and perhaps the controllers
        run.flows(RATE * 15);
        kafka.joinAgain();
        run.healed();
        run.flows(RATE * 5);
        run.ends(0, RECOVERY);
    }
}
