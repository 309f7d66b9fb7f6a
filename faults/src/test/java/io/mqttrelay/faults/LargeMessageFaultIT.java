package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages that are large for the heap that is shipped, beside a healthy app with QoS 1 and QoS 0. */
@Tag("by-hand")
final class LargeMessageFaultIT extends NeighbourScene {
    private static final int LARGE = 15 << 20;
    private static final int HUGE = 100 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TAKEN_BY_KAFKA = Integer.toString(17 << 20);

    private final Random random = new Random(5);
    private final List<Neighbour> neighbours = new ArrayList<>();
    private MqttPublisher publisher;
    private KafkaAdmin admin;

    @Override
    MosquittoConfiguration mosquitto() {
        return super.mosquitto().option("max_inflight_messages 0");
    }

    @Override
    EmbeddedKafka.Builder kafkaBroker() {
        return super.kafkaBroker().property("message.max.bytes", TAKEN_BY_KAFKA);
    }

    @AfterEach
    void close() {
        publisher.close();
        admin.close();
    }

    /** Starts services; the dispatcher has only the neighbour's route, since large messages concern ingest. */
    private RelayService services(String row, Runnable routes) {
        RelayService dispatch = dispatch();
        routes.run();
        RelayService ingest = ingest().ready();
        dispatch.ready();
        publisher = new MqttPublisher(mosquitto.port());
        admin = KafkaAdmin.of(bootstrapServers());
        neighbours.add(neighbour(row));
        neighbours.add(neighbour(row + ", QoS 0", new Load.Shape(good + "/q0", 2, RATE, 100, 0), good));
        neighbours.forEach(Neighbour::begin);
        return ingest;
    }

    private void ends(String row, RelayService ingest, BooleanSupplier stored) {
        Pause.until(PATIENCE, stored);
        neighbours.forEach(Neighbour::feltNothing);
        assertThat(ingest.process().isAlive()).isTrue();
        Result result = new Result(row + ", ingest", Mutant.NONE);
        long most = ingest.mostResidentBytes();
        result.figure("most resident MB", most >> 20);
        result.write(most < Limits.MEMORY);
        assertThat(most).as("resident in a container of %s", Limits.MEMORY).isLessThan(Limits.MEMORY);
    }

    private byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        random.nextBytes(noise);
        return noise;
    }

    private long records(String topic) {
        return admin.lastOffsets(topic).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private int connections(String client) {
        return (int) mosquitto
                .log()
                .lines()
                .filter(line -> line.contains("New client connected") && line.contains(" as " + client + " "))
                .count();
    }

    @Test
    void b03TwoLargeMessagesToEightRoutes() {
        List<String> apps = List.of("f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7");
        RelayService ingest = services(
                "B03",
                () -> apps.forEach(app -> route(app, to("/f"), "\"subTopic\": {\"topic\": \"fan/#\", \"qos\": 1}")));
        apps.forEach(app -> admin.configure(messagesTopic(app), Map.of("max.message.bytes", TAKEN_BY_KAFKA)));
        publisher.send("fan/1", 1, noise(LARGE));
        publisher.send("fan/2", 1, noise(LARGE));

        ends("B03", ingest, () -> apps.stream().allMatch(app -> records(messagesTopic(app)) >= 2));
        Pause.forMillis(2000);
        for (String app : apps) {
            assertThat(records(messagesTopic(app))).as(app).isEqualTo(2);
            assertThat(records(deadTopic(app))).as(app).isZero();
            assertThat(connections(app)).as(app).isOne();
        }
    }

    @Test
    void b05SixteenLargeMessagesOfOneRoute() {
        RelayService ingest = services("B05 16 x 15 MB", () -> route("big", to("/big")));
        admin.configure(messagesTopic("big"), Map.of("max.message.bytes", TAKEN_BY_KAFKA));
        byte[] payload = noise(LARGE);
        for (int i = 0; i < 16; i++) {
            publisher.send("big/" + i, 1, payload);
        }

        ends("B05 16 x 15 MB", ingest, () -> records(messagesTopic("big")) >= 16);
        Pause.forMillis(2000);
        assertThat(records(messagesTopic("big"))).isEqualTo(16);
        assertThat(records(deadTopic("big"))).isZero();
        assertThat(connections("big")).isOne();
    }

    @Test
    void b05SixteenLargeMessagesThatKafkaRefuses() {
        RelayService ingest = services("B05 16 x 15 MB refused", () -> route("refused", to("/refused")));
        admin.configure(messagesTopic("refused"), Map.of("max.message.bytes", Integer.toString(1 << 20)));
        byte[] payload = noise(LARGE);
        for (int i = 0; i < 16; i++) {
            publisher.send("refused/" + i, 1, payload);
        }

        ends("B05 16 x 15 MB refused", ingest, () -> records(deadTopic("refused")) >= 16);
        Pause.forMillis(2000);
        assertThat(records(deadTopic("refused"))).isEqualTo(16);
        assertThat(connections("refused")).isOne();
    }

    @Test
    void b05OneMessageOfAHundredMegabytes() {
        RelayService ingest = services("B05 100 MB", () -> route("huge", to("/huge")));
        publisher.send("huge/1", 1, new byte[HUGE]);

        ends("B05 100 MB", ingest, () -> records(deadTopic("huge")) >= 1);
        ingest.process().terminate(Duration.ofSeconds(15));
        ingest.startAgain();
        ingest.ready();
        Pause.forMillis(2000);
        assertThat(records(deadTopic("huge")))
                .as("exactly one, also after a restart")
                .isEqualTo(1);
        assertThat(records(messagesTopic("huge"))).isZero();
    }
}
