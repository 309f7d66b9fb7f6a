package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Callbacks that hang cost the others nothing. */
final class FairnessIT extends DispatchScene {
    private static final int HANGING = 10;
    private static final int MESSAGES = 300;

    FairnessIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void besideTenAddressesThatHangAHealthyOneIsServed() {
        DispatcherUnderTest.Settings settings = settings()
                .partitions(1)
                .maxInFlight(100)
                .route(TestRoute.of("healthy", "healthy", callback.url("/ok")));
        for (int i = 0; i < HANGING; i++) {
            callback.on("/hang" + i, Answer.hang());
            settings.route(
                    TestRoute.of("r" + i, "app" + i, callback.url("/hang" + i)).timeout(Duration.ofMinutes(2)));
        }
        DispatcherUnderTest dispatcher = started(settings.grace(Duration.ofSeconds(1)));
        for (int message = 0; message < 40; message++) {
            for (int i = 0; i < HANGING; i++) {
                records.write("app" + i, "r" + i, "t/" + message);
            }
        }
        records.flush();
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_in_flight", "app_id") >= 50);

        for (int message = 0; message < MESSAGES; message++) {
            records.write("healthy", "healthy", "t/" + message);
        }
        records.flush();

        callback.await("/ok", MESSAGES, PATIENCE);
        awaitCommitted("healthy", MESSAGES);
        assertThat(dispatcher.meter("relay_dispatch_in_flight", "app_id")).isLessThan(100);
    }
}
