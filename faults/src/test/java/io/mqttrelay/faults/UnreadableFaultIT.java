package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.mqtt.PublishPacket;
import io.mqttrelay.testkit.mqtt.RawPublisher;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PUBLISH packets that Mosquitto passes on although no MQTT client may get them. */
@Tag("every-change")
final class UnreadableFaultIT extends NeighbourScene {
    private static final int RESPONSE_TOPIC = 8;
    private static final int ROUNDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void b04UnreadablePacketsSilenceNoRoute() {
        route("bad", to("/bad"));
        ingest().ready();
        dispatch().ready();
        Neighbour neighbour = neighbour("B04");
        neighbour.begin();

        Load own = opened(Load.start(mosquitto.port(), new Load.Shape("bad", 4, RATE, 100)));
        try (RawPublisher raw = new RawPublisher(mosquitto.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                for (String responseTopic : new String[] {"a/#", ""}) {
                    raw.send(new PublishPacket()
                            .topic("bad/unreadable")
                            .qos(round % 3, 1 + round)
                            .property(RESPONSE_TOPIC, responseTopic)
                            .packet(true, "unreadable"));
                }
                Pause.forMillis(100);
            }
        }
        own.stop();

        neighbour.feltNothing();
        Pause.until(PATIENCE, () -> delivered() >= own.sent().size());
        assertThat(delivered()).as("the route itself").isEqualTo(own.sent().size());
        KafkaRecords kafka = new KafkaRecords(bootstrapServers());
        assertThat(kafka.await(
                        deadTopic("bad"), dead -> dead.size() >= 2 * ROUNDS, 2 * ROUNDS + " dead letters", PATIENCE))
                .hasSize(2 * ROUNDS);
        assertThat(mosquitto.log().lines().filter(line -> line.contains(" as bad (")))
                .as("connections of the route")
                .hasSize(1);
    }

    private long delivered() {
        return callback.deliveries().stream()
                .filter(delivery -> delivery.address().equals(callback.url("/bad")))
                .count();
    }
}
