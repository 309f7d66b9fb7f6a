package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The connection to the MQTT broker breaks: unacknowledged messages come again, once for each break. */
final class MqttFaultIT extends FaultScene {
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    MqttFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Override
    MosquittoConfiguration mosquitto() {
        return super.mosquitto().persistence(); // which slows it down: it writes all it has at every change
    }

    private Run flowing(String row) {
        ingest().ready();
        dispatch().ready();
        Run run = run(row, 50, "/a");
        run.flows(50);
        return run;
    }

    @Test
    @Tag("every-change")
    void f16TheBrokerIsRestarted() {
        Run run = flowing("F16");
        mosquitto.stop();
        run.awaitStill();
        callback.declareCrash(); // the publisher, too, sends unacknowledged messages again
        mosquitto.start();
        run.healed();
        run.flows(50);
        run.ends(unacknowledged() + 100, RECOVERY);
    }

    @Test
    @Tag("every-change")
    void f18TheConnectionBreaksAgainAndAgainWhileKafkaIsAway() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F18", 50, "/a");
        run.flows(50);
        kafka.kill(1);
        kafka.kill(2);
        run.awaitStill();
        long before = ingest.residentBytes();
        for (int cut = 0; cut < 20; cut++) {
            mqtt.reset();
            Pause.forMillis(500);
        }
        run.figure("resident bytes grew", ingest.residentBytes() - before);
        assertThat(ingest.residentBytes() - before).isLessThan(64L << 20);
        callback.declareCrash();
        kafka.startAll();
        run.healed();
        run.flows(50);
        run.ends(unacknowledged(), RECOVERY);
    }

    @Test
    @Tag("by-hand")
    void f19NothingMovesBetweenIngestAndTheBroker() {
        Run run = flowing("F19");
        mqtt.blackHole();
        run.awaitStill();
        Pause.forMillis(20_000); // keep-alive is ten seconds
        callback.declareCrash();
        mqtt.pass();
        run.healed();
        run.flows(50);
        run.ends(unacknowledged(), RECOVERY);
    }
}
