package io.mqttrelay.faults;

import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** An app whose callback fails: its published messages, and the state of each. */
final class FailingApp {
    private static final Duration AROUND_THE_CUT = Duration.ofMillis(200);

    private final NeighbourScene scene;
    private final String app;
    private final Load load;

    /** Starts to publish; app, MQTT topic and path of the callback have this name. */
    FailingApp(NeighbourScene scene, String app, int topics, int perSecond) {
        this.scene = scene;
        this.app = app;
        this.load = scene.opened(
                Load.start(scene.mosquitto.port(), new Load.Shape(app, topics, Math.max(1, perSecond), 50)));
        if (perSecond == 0) {
            load.stop();
        }
    }

    /** Makes an app to which the test itself publishes. */
    static FailingApp quiet(NeighbourScene scene, String app) {
        return new FailingApp(scene, app, 1, 0);
    }

    Load load() {
        return load;
    }

    void stop() {
        load.stop();
    }

    List<Delivery> accepted() {
        String address = scene.callback.url("/" + app);
        return scene.callback.deliveries().stream()
                .filter(delivery -> delivery.accepted() && delivery.address().equals(address))
                .toList();
    }

    /** Published messages that the callback has not accepted. */
    Set<String> missing() {
        Set<String> missing = new HashSet<>(load.sent().stream().map(Sent::id).toList());
        accepted().forEach(delivery -> missing.remove(delivery.id()));
        return missing;
    }

    List<ConsumerRecord<byte[], byte[]>> dead() {
        return new KafkaRecords(scene.bootstrapServers())
                .all(NeighbourScene.deadTopic(app)).stream()
                        .filter(letter -> letter.value() != null)
                        .toList();
    }

    /**
     * Waits until each message has been accepted, and checks that none is a dead letter and that each came in order.
     */
    void getsEverything(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!missing().isEmpty() && System.nanoTime() < deadline) {
            Pause.shortly();
        }
        Set<String> missing = missing();
        int dead = dead().size();
        if (!missing.isEmpty() || dead > 0) {
            throw new AssertionError(app + ": " + load.sent().size() + " published, " + missing.size()
                    + " not delivered within " + atMost + ", " + dead + " dead letters");
        }
        Order.firstPerTopic(load.sent(), accepted()).assertHolds();
    }

    /**
     * Checks that no message was accepted twice, except the calls that were in flight when the connections were cut:
     * their answers were lost.
     *
     * @param cutAtNanos by {@link System#nanoTime}
     */
    void getsNothingTwice(long cutAtNanos) {
        List<Delivery> accepted = accepted();
        Set<String> inFlight = accepted.stream()
                .filter(delivery -> Math.abs(delivery.atNanos() - cutAtNanos) < AROUND_THE_CUT.toNanos())
                .map(Delivery::id)
                .collect(Collectors.toSet());
        Duplicates.none(accepted.stream()
                        .filter(delivery -> !inFlight.contains(delivery.id()))
                        .toList())
                .assertHolds();
    }

    @Override
    public String toString() {
        return app;
    }
}
