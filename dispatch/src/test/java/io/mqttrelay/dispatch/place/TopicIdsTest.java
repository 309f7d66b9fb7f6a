package io.mqttrelay.dispatch.place;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
    void reportsARecreatedTopicOnce() {
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
    void looksAtAThousandTopicsInTurns() {
        Set<String> topics = new LinkedHashSet<>();
        for (int i = 0; i < 1_200; i++) {
            topics.add("t" + i);
        }
        List<Collection<String>> looks = new ArrayList<>();
        TopicIds many = new TopicIds(
                some -> {
                    looks.add(some);
                    return CompletableFuture.completedFuture(
                            some.stream().collect(toMap(topic -> topic, topic -> OLD)));
                },
                topics,
                () -> now);
        for (int i = 0; i < 4; i++) {
            now += TimeUnit.SECONDS.toNanos(2);
            assertThat(many.madeAnew()).isEmpty();
        }
        assertThat(looks).extracting(Collection::size).containsExactly(500, 500, 200, 500);
        assertThat(looks.subList(0, 3).stream().flatMap(Collection::stream)).containsExactlyElementsOf(topics);
    }

    @Test
    void doesNotWaitNorAskTwice() {
        answer = new CompletableFuture<>();
        assertThat(looks(3)).isEmpty();
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aTopicKnownBeforeAPartitionBeganIsTheSame() {
        looks(1);
        assertThat(ids.mayBeAnotherSince("t", now + 1)).isFalse();
    }

    @Test
    void aTopicFirstKnownAfterAPartitionBeganMayBeAnother() {
        long begun = now + 1; // Kafka has not answered yet
        looks(1);
        assertThat(ids.mayBeAnotherSince("t", begun)).isTrue();
        assertThat(ids.mayBeAnotherSince("unknown", begun)).isTrue();
    }

    @Test
    void looksAgainSoonForATopicThatIsNotKnown() {
        answer = CompletableFuture.completedFuture(Map.of());
        looks(1);
        int before = asked;
        now += TimeUnit.MILLISECONDS.toNanos(300);
        ids.madeAnew();
        assertThat(asked).isEqualTo(before + 1);
    }

    /** Returns the answer of the last of several looks, far enough apart. */
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
