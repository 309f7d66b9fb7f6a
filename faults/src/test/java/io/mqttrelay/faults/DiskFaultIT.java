package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Kind;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The disks of Kafka's brokers are full: with one of them all goes on, with two nothing is acknowledged. */
@Tag("by-hand")
final class DiskFaultIT extends FaultScene {
    private static final int RATE = 100;
    private static final int DISK_MEGABYTES = 96;
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    DiskFaultIT() {
        super(KafkaCluster.launch(new Kind(DISK_MEGABYTES, false)));
    }

    /**
     * Otherwise Mosquitto waits for the first twenty acknowledgements, and messages whose partition still has a leader
     * would not come.
     */
    @Override
    MosquittoConfiguration mosquitto() {
        return super.mosquitto().option("max_inflight_messages 0");
    }

    @Test
    void f43TheBrokersDisksAreFull() {
        opened(kafka); // used by no other row
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F43 Kafka", RATE, "/a");
        run.flows(RATE);

        kafka.fillDisk(3);
        Pause.until(RECOVERY, () -> !kafka.runs(3)); // Kafka's answer to a disk that fails
        run.flows(RATE * 5);

        kafka.fillDisk(2);
        Pause.until(RECOVERY, () -> !kafka.runs(2));
        Pause.forMillis(3000); // all calls in flight have ended
        double stored = ingest.meter("relay_ingest_stored_total", app);
        Pause.forMillis(5000);
        assertThat(ingest.meter("relay_ingest_stored_total", app)).isEqualTo(stored);
        assertThat(ingest.meter("relay_ingest_unacked", app)).isPositive();

        kafka.freeDisks();
        kafka.startAll();
        run.healed();
        run.flows(RATE * 5);
        run.ends(0, RECOVERY);
    }
}
