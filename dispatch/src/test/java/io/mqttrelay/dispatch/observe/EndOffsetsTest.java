package io.mqttrelay.dispatch.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class EndOffsetsTest {
    private static final TopicPartition ONE = new TopicPartition("t", 1);
    private static final TopicPartition TWO = new TopicPartition("t", 2);

    private final List<Collection<TopicPartition>> questions = new ArrayList<>();
    private CompletableFuture<Map<TopicPartition, Long>> answer = new CompletableFuture<>();
    private final EndOffsets ends = new EndOffsets(partitions -> {
        questions.add(partitions);
        return answer;
    });

    @Test
    void theAnswerIsThereWhenItIsAskedForAgain() {
        assertThat(ends.of(Set.of(ONE))).isEmpty();
        answer.complete(Map.of(ONE, 7L));
        assertThat(ends.of(Set.of(ONE))).containsEntry(ONE, 7L);
        assertThat(questions).hasSize(2);
    }

    @Test
    void doesNotWaitNorAskTwice() {
        for (int look = 0; look < 3; look++) {
            assertThat(ends.of(Set.of(ONE))).isEmpty();
        }
        assertThat(questions).hasSize(1);
    }

    @Test
    void asksForNothingWhenNothingIsPaused() {
        assertThat(ends.of(Set.of())).isEmpty();
        assertThat(questions).isEmpty();
    }

    @Test
    void knowsNothingAfterAFailureAndAsksAgain() {
        ends.of(Set.of(ONE));
        answer.complete(Map.of(ONE, 7L));
        answer = CompletableFuture.failedFuture(new IllegalStateException("simulated"));
        assertThat(ends.of(Set.of(ONE))).containsEntry(ONE, 7L);
        answer = CompletableFuture.completedFuture(Map.of(ONE, 9L));
        assertThat(ends.of(Set.of(ONE))).isEmpty();
        assertThat(ends.of(Set.of(ONE))).containsEntry(ONE, 9L);
    }

    @Test
    void forgetsOldAnswersWhenNothingIsPaused() {
        ends.of(Set.of(ONE));
        answer.complete(Map.of(ONE, 7L));
        assertThat(ends.of(Set.of())).isEmpty();
        answer = new CompletableFuture<>();
        assertThat(ends.of(Set.of(ONE, TWO))).isEmpty();
    }

    @Test
    void forgetsResumedPartitionsWhileOthersArePaused() {
        ends.of(Set.of(ONE));
        answer.complete(Map.of(ONE, 7L));
        answer = new CompletableFuture<>();
        assertThat(ends.of(Set.of(TWO))).isEmpty();
        assertThat(ends.of(Set.of(ONE, TWO))).isEmpty();
    }
}
