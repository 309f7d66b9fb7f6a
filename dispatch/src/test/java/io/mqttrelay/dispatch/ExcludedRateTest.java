package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rate of an address limits its calls: a message that is not sent uses up nothing of it. */
final class ExcludedRateTest {
    private final ScriptedPath scene = new ScriptedPath(TestRoute.of("r", "app", "http://host:1/path")
            .rateLimit(1)
            .when("$substring(payload, 0, 2) != 'no'")
            .build());

    @AfterEach
    void nothingWasADefectAndNothingIsOut() {
        scene.checkEnd();
    }

    @Test
    void excludedMessagesUseUpNoRate() {
        scene.read(IntStream.range(0, 50).mapToObj(i -> "no-" + i).toArray(String[]::new));
        scene.run();
        assertThat(scene.position()).isEqualTo(50);

        scene.read("a", "b");
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("a"));
        scene.timer.advance(Duration.ofSeconds(1));
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("a"), List.of("b"));
        assertThat(scene.position()).isEqualTo(52);
    }
}
