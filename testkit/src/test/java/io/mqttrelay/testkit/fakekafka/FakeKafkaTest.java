package io.mqttrelay.testkit.fakekafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class FakeKafkaTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final FakeKafka kafka = new FakeKafka(List.of(PARTITION), members -> members.get(0));
    private final List<String> events = new ArrayList<>();
    private final Set<TopicPartition> busy = new HashSet<>();
    private final FakeMember one = member("one");
    private final FakeMember two = member("two");

    private FakeMember member(String name) {
        FakeMember member = kafka.member(name, new Network() {}, new FakeMember.Assignor() {
            @Override
            public Set<TopicPartition> busy() {
                return busy;
            }

            @Override
            public void drain(Set<TopicPartition> partitions) {
                partitions.forEach(partition -> events.add(name + " drains " + partition));
            }
        });
        member.subscribe(List.of("t"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> {
                    events.add(name + " gets " + partition);
                    member.seek(partition, 0);
                });
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> events.add(name + " gives " + partition));
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> events.add(name + " loses " + partition));
            }
        });
        return member;
    }

    private void poll() {
        for (int i = 0; i < 3; i++) {
            one.poll(Duration.ZERO);
            two.poll(Duration.ZERO);
        }
    }

    private void write(long offset) {
        kafka.log(PARTITION).append(new ConsumerRecord<>("t", 0, offset, new byte[1], new byte[1]));
    }

    @Test
    void aPartitionIsGivenUpBeforeAnotherMemberGetsIt() {
        poll();
        kafka.group().move(PARTITION, two);
        poll();
        assertThat(events).containsExactly("one gets t-0", "one gives t-0", "two gets t-0");
    }

    @Test
    void aBusyPartitionStaysUntilItsMemberAsksForARebalance() {
        poll();
        busy.add(PARTITION);
        kafka.group().move(PARTITION, two);
        poll();
        assertThat(events).containsExactly("one gets t-0", "one drains t-0");

        busy.clear();
        poll();
        assertThat(kafka.group().owner(PARTITION)).isSameAs(one);
        one.enforceRebalance("drained");
        poll();
        assertThat(kafka.group().owner(PARTITION)).isSameAs(two);
    }

    @Test
    void anExpiredMemberLearnsItLaterAndCommitsNothing() {
        poll();
        kafka.group().expire(one);
        assertThatThrownBy(() -> one.commitSync(Map.of(PARTITION, new OffsetAndMetadata(5)), Duration.ZERO))
                .isInstanceOf(CommitFailedException.class);
        assertThat(kafka.group().committed(PARTITION)).isNull();

        poll();
        assertThat(events).containsExactly("one gets t-0", "one loses t-0", "two gets t-0");
    }

    @Test
    void pollsReturnUnpausedRecordsInOrderOverGaps() {
        write(1);
        write(5);
        kafka.log(PARTITION).appendGap(2);
        one.poll(Duration.ZERO);
        one.pause(List.of(PARTITION));
        assertThat(one.poll(Duration.ZERO)).isEmpty();
        one.seek(PARTITION, 0);
        one.resume(List.of(PARTITION));
        assertThat(one.poll(Duration.ZERO)).extracting(ConsumerRecord::offset).containsExactly(1L, 5L);
        one.poll(Duration.ZERO);
        assertThat(one.position(PARTITION, Duration.ZERO)).isEqualTo(8);
    }

    @Test
    void anOffsetThatTheLogDoesNotHoldFailsThePoll() {
        one.poll(Duration.ZERO);
        write(0);
        write(1);
        kafka.log(PARTITION).deleteBefore(1);
        assertThatThrownBy(() -> one.poll(Duration.ZERO)).isInstanceOf(OffsetOutOfRangeException.class);
    }
}
