package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The MQTT broker loses sessions while ingest is down: messages may be missing, and that is counted and reported. */
@Tag("every-change")
final class SessionLossFaultIT extends NeighbourScene {
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final String LOST = "relay_ingest_sessions_lost_total";

    @Test
    void b20TheBrokerForgetsWhileIngestIsDown() {
        route("kept", to("/kept"));
        route("clean", List.of("\"session_expiry\": \"0s\""), to("/clean"));
        RelayService ingest = ingest().ready();
        dispatch().ready();
        publish(1);
        assertThat(ingest.meter(LOST, "")).as("a first start loses nothing").isZero();

        ingest.process().terminate(SECONDS);
        ingest.startAgain();
        ingest.ready();
        publish(2);
        assertThat(ingest.meter(LOST, ""))
                .as("a restart with the session kept loses nothing")
                .isZero();

        ingest.process().terminate(SECONDS);
        mosquitto.stop(); // without persistence: it forgets
        mosquitto.start();
        ingest.startAgain();
        ingest.ready();
        publish(3);

        Pause.until(SECONDS, () -> ingest.meter(LOST, "client_id=\"kept\"") == 1);
        assertThat(ingest.meter(LOST, "client_id=\"clean\""))
                .as("nothing is kept for it")
                .isZero();
        assertThat(ingest.process().output().lines())
                .filteredOn(line -> line.contains("kept") && line.contains("session"))
                .anyMatch(line -> line.contains("WARN") || line.contains("ERROR"));
    }

    /** Publishes one message on each, and waits until they have arrived. */
    private void publish(int times) {
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            publisher.send("kept/1", 1);
            publisher.send("clean/1", 1);
        }
        callback.await("/kept", times, SECONDS);
        callback.await("/clean", times, SECONDS);
    }
}
