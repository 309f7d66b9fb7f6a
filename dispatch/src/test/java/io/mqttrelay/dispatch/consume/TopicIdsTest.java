package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class TopicIdsTest {
    private static final Uuid OLD = Uuid.randomUuid();
    private static final Uuid NEW = Uuid.randomUuid();

    private CompletableFuture<Map<String, Uuid>> answer = CompletableFuture.completedFuture(Map.of("t", OLD));
    private int asked;
    private long now;
    private final TopicIds ids = new TopicIds(
            topics -> {
                asked++;
                return answer;
            },
            Set.of("t"),
            () -> now);

    @Test
    void saysNothingOfTopicsThatStay() {
        assertThat(looks(3)).isEmpty();
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void saysOnceThatATopicIsAnotherAndSinceWhenAtMost() {
        looks(1);
        long lastSeen = now;
        answer = CompletableFuture.completedFuture(Map.of("t", NEW));
        assertThat(looks(1)).isEqualTo(Map.of("t", lastSeen));
        assertThat(looks(2)).isEmpty();
    }

    @Test
    void remembersTheOldOneWhileThereIsNone() {
        looks(1);
        answer = CompletableFuture.completedFuture(Map.of());
        assertThat(looks(1)).isEmpty();
        answer = CompletableFuture.completedFuture(Map.of("t", NEW));
        assertThat(looks(1)).containsOnlyKeys("t");
    }

    @Test
    void asksAgainWhenKafkaDidNotSay() {
        looks(1);
        answer = CompletableFuture.failedFuture(new IllegalStateException("simulated"));
        assertThat(looks(1)).isEmpty();
        answer = CompletableFuture.completedFuture(Map.of("t", NEW));
        assertThat(looks(1)).containsOnlyKeys("t");
    }

    @Test
    void doesNotWaitNorAskTwice() {
        answer = new CompletableFuture<>();
        assertThat(looks(3)).isEmpty();
        assertThat(asked).isEqualTo(1);
    }

    /** What the last of so many looks, far enough apart, brings. */
    private Map<String, Long> looks(int times) {
        Map<String, Long> anew = Map.of();
        for (int look = 0; look < times; look++) {
            now += TimeUnit.SECONDS.toNanos(3);
            ids.madeAnew();
            anew = ids.madeAnew(); // the answer is there now
        }
        return anew;
    }
}
