package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicProvisioner;
import io.mqttrelay.common.topic.TopicsResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which apps can be consumed, independently of the topics of others. */
final class NewTopicsTest {
    private final Map<String, TopicsResult> bad = new LinkedHashMap<>();
    private final List<Collection<String>> asked = new ArrayList<>();
    private final List<String> ready = new ArrayList<>();
    private long nanos;
    private final NewTopics topics = new NewTopics(new Answers(), ready::add, () -> nanos);

    private final class Answers implements TopicProvisioner.Kafka {
        @Override
        public TopicsResult ensure(Collection<String> appIds, Duration patience) {
            asked.add(List.copyOf(appIds));
            return appIds.stream()
                    .filter(bad::containsKey)
                    .map(bad::get)
                    .findFirst()
                    .orElse(new TopicsResult.Ready(Set.of(), List.of()));
        }

        @Override
        public String ping(boolean suspected) {
            return null;
        }
    }

    private static TopicsResult compacted() {
        return new TopicsResult.Ready(Set.of(), List.of(new TopicFinding(true, List.of("relay.b"), "is compacted")));
    }

    private void step() throws InterruptedException {
        topics.step(0);
    }

    @Test
    void allAreAskedForAtOnce() throws InterruptedException {
        topics.want(Set.of("a", "b", "c"));
        step();
        assertThat(asked).hasSize(1);
        assertThat(ready).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(topics.problems()).isEmpty();
    }

    @Test
    void oneBadAppKeepsNoOtherWaiting() throws InterruptedException {
        bad.put("b", compacted());
        bad.put("d", new TopicsResult.Unavailable("may not see relay.d"));
        topics.want(new LinkedHashSet<>(List.of("a", "b", "c", "d", "e")));
        step();
        assertThat(ready).containsExactlyInAnyOrder("a", "c", "e");
        assertThat(topics.problems())
                .containsExactlyInAnyOrder(
                        "app b is not consumed yet: topic relay.b: is compacted",
                        "app d is not consumed yet: Kafka: may not see relay.d");
    }

    @Test
    void aBadAppIsLookedAtEveryThirtySecondsInTheEnd() throws InterruptedException {
        bad.put("b", compacted());
        topics.want(Set.of("b"));
        for (int second = 0; second < 300; second++) {
            step();
            nanos += TimeUnit.SECONDS.toNanos(1);
        }
        assertThat(asked).hasSizeBetween(10, 20);

        bad.clear();
        nanos += TimeUnit.SECONDS.toNanos(30);
        step();
        assertThat(ready).containsExactly("b");
        assertThat(topics.problems()).isEmpty();
    }

    @Test
    void anAppThatIsRefusedIsLookedAtAfterThirtySeconds() throws InterruptedException {
        topics.refused("a", "READ was taken away");
        step();
        assertThat(topics.problems()).containsExactly("app a is not consumed yet: READ was taken away");
        nanos += TimeUnit.SECONDS.toNanos(30) - 1;
        step();
        assertThat(asked).isEmpty();
        nanos++;
        step();
        assertThat(ready).containsExactly("a");
    }

    @Test
    void aKafkaThatIsAwayIsAskedOnceForAll() throws InterruptedException {
        TopicsResult away = new TopicsResult.Unavailable("no answer", true);
        List.of("a", "b", "c").forEach(appId -> bad.put(appId, away));
        topics.want(Set.of("a", "b", "c"));
        step();
        assertThat(asked).hasSize(1);
        nanos += TimeUnit.SECONDS.toNanos(60);
        bad.clear();
        step();
        assertThat(ready).hasSize(3);
    }

    @Test
    void anAppThatLeavesTheConfigurationIsForgotten() throws InterruptedException {
        bad.put("b", compacted());
        topics.want(Set.of("b"));
        step();
        topics.want(Set.of());
        step();
        assertThat(topics.problems()).isEmpty();
    }
}
