package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The MQTT broker of one route is away: ingest stays ready for all others, and reports which one. */
@Tag("every-change")
final class PartOfMqttFaultIT extends NeighbourScene {
    private static final Duration RECOVERY = Duration.ofSeconds(40);
    private static final int AWAY_MILLIS = 8000;

    @Test
    void b22OneOfTwoMqttBrokersIsAway() {
        MosquittoProcess other = opened(MosquittoProcess.launch());
        entry("other", other.port());
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Neighbour neighbour = neighbour("B22");
        neighbour.begin();
        other.kill();
        awaitDegraded(ingest);
        Pause.forMillis(AWAY_MILLIS);

        assertThat(ingest.get("/health/ready")).startsWith("200").contains("\"mqtt other\"");
        assertThat(ingest.get("/health/ready?all")).startsWith("503");
        neighbour.feltNothing();
        other.start();
        Pause.until(RECOVERY, () -> ingest.get("/health/ready?all").startsWith("200"));
        try (MqttPublisher publisher = new MqttPublisher(other.port())) {
            publisher.send("other/1", 1);
            callback.await("/other", 1, RECOVERY);
        }
    }

    /** Of QoS 1 the broker grants 0: the route is degraded, its messages arrive all the same. */
    @Test
    void b22OneMqttBrokerGrantsALowerQos() {
        MosquittoProcess other =
                opened(MosquittoProcess.builder().listenerOption("max_qos 0").launch());
        entry("other", other.port());
        RelayService ingest = ingest().serving();
        dispatch().ready();
        Neighbour neighbour = neighbour("B22 QoS");
        neighbour.begin();
        awaitDegraded(ingest);
        try (MqttPublisher publisher = new MqttPublisher(other.port())) {
            publisher.send("other/1", 0);
            callback.await("/other", 1, RECOVERY);
        }
        Pause.forMillis(AWAY_MILLIS);

        assertThat(ingest.get("/health/ready")).startsWith("200").contains("\"mqtt other\"", "QoS");
        neighbour.feltNothing();
    }

    private static void awaitDegraded(RelayService ingest) {
        Pause.until(RECOVERY, () -> ingest.get("/health/ready?all").startsWith("503"));
    }

    private void entry(String app, int port) {
        entry("""
                {"client_id": "%1$s", "broker_ip": "127.0.0.1", "broker_port": %2$d, "alive": 10,
                 "sub_deal_config": {"app_id": "%1$s", "subTopic": {"topic": "%1$s/#", "qos": 1}, %3$s}}""".formatted(app, port, to("/other")));
    }
}
