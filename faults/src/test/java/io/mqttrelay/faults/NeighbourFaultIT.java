package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The scene itself: an app whose callback answers 500 beside a healthy one, each with QoS 1 and QoS 0. */
@Tag("every-change")
final class NeighbourFaultIT extends NeighbourScene {
    @Test
    void b00OneCallbackAnswers500() {
        route("bad", to("/bad"));
        callback.on("/bad", Answer.status(500));
        ingest().ready();
        dispatch().ready();
        Neighbour neighbour = neighbour("B00");
        Neighbour qos0 = neighbour("B00 QoS 0", new Load.Shape(good + "/q0", 2, RATE, 100, 0), good);
        neighbour.begin();
        qos0.begin();

        Load bad = opened(Load.start(mosquitto.port(), new Load.Shape("bad", 4, 50, 100)));
        callback.await("/bad", 4, Duration.ofSeconds(10));
        Pause.forMillis(3000);
        bad.stop();

        neighbour.feltNothing();
        qos0.feltNothing();
        callback.on("/bad", Answer.status(200));
        Pause.until(Duration.ofSeconds(60), () -> accepted("/bad") >= bad.sent().size());
        assertThat(accepted("/bad")).isEqualTo(bad.sent().size());
    }

    private long accepted(String path) {
        return callback.deliveries().stream()
                .filter(delivery -> delivery.accepted() && delivery.address().equals(callback.url(path)))
                .count();
    }
}
