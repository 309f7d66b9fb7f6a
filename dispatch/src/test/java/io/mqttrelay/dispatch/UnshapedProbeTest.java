package io.mqttrelay.dispatch;

import static io.mqttrelay.dispatch.ScriptedPath.unavailable;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A probe that the template fails on sends nothing, so that another message must be the probe. */
final class UnshapedProbeTest {
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private TestRoute route() {
        return TestRoute.of("r", "app", "http://host:1/path").backoff(BACKOFF).breaker(50, 1, OPEN_FOR);
    }

    private ScriptedPath scene = new ScriptedPath(route().build());

    @AfterEach
    void nothingWasADefectAndNothingIsOut() {
        scene.checkEnd();
    }

    private void over(Duration wait) {
        scene.timer.advance(wait);
        scene.run();
    }

    @Test
    void aMessageWithoutAShapeLetsTheNextOneProbe() {
        scene.answer(() -> unavailable(503, null));
        scene.answer(() -> unavailable(503, null));
        scene.read("a", "b");
        scene.run();
        scene.answer(() -> new SinkResult.Unshaped("template.body: no number", false));

        for (int i = 0; i < 10; i++) {
            over(OPEN_FOR);
        }

        assertThat(scene.dead).hasSize(1);
        assertThat(scene.position()).isEqualTo(2);
    }

    @Test
    void aMessageWithoutTimeLetsTheNextOneProbe() {
        scene.answer(() -> unavailable(503, null));
        scene.answer(() -> unavailable(503, null));
        scene.read("a", "b");
        scene.run();
        scene.answer(() -> new SinkResult.Unshaped("when: took too long", true));

        for (int i = 0; i < 10; i++) {
            over(OPEN_FOR);
        }

        assertThat(scene.dead).isEmpty();
        assertThat(scene.position()).isEqualTo(2);
    }

    @Test
    void aBatchWithoutTimeLetsTheNextOneProbe() {
        scene = new ScriptedPath(route().batch(2, 1_000, Duration.ZERO).build());
        scene.answer(() -> unavailable(503, null));
        scene.read("a", "b");
        scene.run();
        scene.answer(() -> new SinkResult.Unshaped("when: took too long", true));

        for (int i = 0; i < 10; i++) {
            over(OPEN_FOR);
        }

        assertThat(scene.dead).isEmpty();
        assertThat(scene.sent).contains(List.of("a"), List.of("b"));
        assertThat(scene.position()).isEqualTo(2);
    }
}
