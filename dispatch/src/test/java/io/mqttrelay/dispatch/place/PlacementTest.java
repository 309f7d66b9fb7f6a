package io.mqttrelay.dispatch.place;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** Where partitions begin, also while Kafka gives no answer for others. */
final class PlacementTest {
    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 0);
    private static final TopicPartition C = new TopicPartition("c", 0);

    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Set<String> forbidden = new HashSet<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions, Duration timeout) {
            if (partitions.stream().anyMatch(each -> forbidden.contains(each.topic()))) {
                throw new TopicAuthorizationException(forbidden);
            }
            Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>(committed);
            known.keySet().retainAll(partitions);
            return known;
        }
    };
    private final Map<TopicPartition, LogRanges.Range> ranges = new HashMap<>();
    private CompletableFuture<Map<TopicPartition, LogRanges.Range>> answer;
    private final List<String> begun = new ArrayList<>();
    private long nanos;
    private final Placement placement = new Placement(
            consumer,
            partitions -> answer == null ? CompletableFuture.completedFuture(Map.copyOf(ranges)) : answer,
            () -> nanos,
            (partition, offset, stored) -> begun.add(partition + "@" + offset + (stored == null ? " anew" : "")));

    private void step() {
        placement.step();
        nanos += TimeUnit.MILLISECONDS.toNanos(1);
    }

    @Test
    void beginsAtTheCommittedOffsetElseWhereTheLogStarts() {
        committed.put(A, new OffsetAndMetadata(7));
        ranges.put(B, new LogRanges.Range(3, 9));
        placement.add(List.of(A, B));
        step();
        assertThat(begun).containsExactly("a-0@7", "b-0@3 anew");
    }

    @Test
    void aPartitionWithoutALeaderDelaysNoOther() {
        ranges.put(B, new LogRanges.Range(0, 0));
        placement.add(List.of(A, B));
        step();
        assertThat(begun).containsExactly("b-0@0 anew");

        ranges.put(A, new LogRanges.Range(0, 0));
        step();
        assertThat(begun).as("asked again later").hasSize(1);
        nanos += TimeUnit.SECONDS.toNanos(5);
        step();
        assertThat(begun).containsExactly("b-0@0 anew", "a-0@0 anew");
    }

    @Test
    void doesNotWaitForLeaders() {
        answer = new CompletableFuture<>();
        committed.put(A, new OffsetAndMetadata(7));
        placement.add(List.of(A, B));
        step();
        assertThat(begun).containsExactly("a-0@7");
        placement.add(List.of(C));
        committed.put(C, new OffsetAndMetadata(1));
        step();
        assertThat(begun).containsExactly("a-0@7", "c-0@1");

        answer.complete(Map.of(B, new LogRanges.Range(4, 5)));
        step();
        assertThat(begun).contains("b-0@4 anew");
    }

    @Test
    void aForbiddenTopicDelaysNoOther() {
        forbidden.add("b");
        committed.put(A, new OffsetAndMetadata(7));
        placement.add(List.of(A, B));
        step();
        step();
        assertThat(begun).containsExactly("a-0@7");

        forbidden.clear();
        committed.put(B, new OffsetAndMetadata(2));
        nanos += TimeUnit.SECONDS.toNanos(30);
        step();
        assertThat(begun).containsExactly("a-0@7", "b-0@2");
    }

    @Test
    void doesNotBeginARevokedPartition() {
        answer = new CompletableFuture<>();
        placement.add(List.of(B));
        step();
        placement.removeIf(B::equals);
        answer.complete(Map.of(B, new LogRanges.Range(4, 5)));
        step();
        assertThat(begun).isEmpty();
    }

    @Test
    void aRecreatedTopicBeginsAtItsLogStartOffset() {
        committed.put(A, new OffsetAndMetadata(7)); // of the old topic
        ranges.put(A, new LogRanges.Range(0, 5));
        placement.addAnew(List.of(A));
        step();
        assertThat(begun).containsExactly("a-0@0 anew");
    }
}
