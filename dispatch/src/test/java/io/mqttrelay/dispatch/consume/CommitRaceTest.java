package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.window.ConsumedApp;
import io.mqttrelay.testkit.fakekafka.FakeKafka;
import io.mqttrelay.testkit.fakekafka.FakeMember;
import io.mqttrelay.testkit.fakekafka.Network;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Call threads end deliveries while the consumer thread reads progress for a commit. Many addresses make that reading long, and
 * the first of them is the one whose deliveries end.
 */
final class CommitRaceTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final int ADDRESSES = 100;
    private static final long KEY = 1;
    private static final int ROUNDS = 1_000;
    private static final int CHANGES = 2_000;
    private static final ConsumedApp APP =
            TestApps.app("app", LongStream.rangeClosed(KEY, ADDRESSES).toArray());
    private static final FakeMember.Assignor NEVER_BUSY = new FakeMember.Assignor() {
        @Override
        public Set<TopicPartition> busy() {
            return Set.of();
        }

        @Override
        public void drain(Set<TopicPartition> partitions) {}
    };

    private final ExecutorService callThread = Executors.newSingleThreadExecutor();
    private final Random random = new Random(7);
    private final FakeKafka kafka = new FakeKafka(List.of(PARTITION), members -> members.get(0));
    private final FakeMember consumer = kafka.member("consumer", new Network() {}, NEVER_BUSY);
    private final Assignments assignments = new Assignments(
            consumer,
            TestApps.ranges(kafka),
            Map.of("t", APP),
            Long.MAX_VALUE / 4,
            new ConsumerMeters(new SimpleMeterRegistry(), List.of(APP)),
            System::nanoTime);
    private final AtomicLong nanos = new AtomicLong();
    /** Its clock advances a second from look to look: no wait is left. */
    private final OffsetCommitter committer = new OffsetCommitter(
            consumer, assignments, () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()));

    private Assignment assignment;

    @BeforeEach
    void assign() {
        consumer.subscribe(List.of("t"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                assignments.assigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
        });
        consumer.poll(Duration.ZERO);
        assignments.place();
        assignment = assignments.current(PARTITION);
        TestApps.meet(assignment);
    }

    @AfterEach
    void endThread() {
        callThread.shutdownNow();
    }

    private void commit() {
        committer.commit();
        consumer.poll(Duration.ZERO); // brings the answer
    }

    private void commitUntilIdle() {
        while (assignments.busy()) {
            commit();
        }
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aDeliveryThatEndsDuringTheScanIsCommitted() throws Exception {
        for (int offset = 0; offset < ROUNDS; offset++) {
            kafka.log(PARTITION).append(new ConsumerRecord<>("t", 0, offset, new byte[1], new byte[1]));
            OffsetState state = TestApps.read(assignment, offset, 1, KEY);
            assignments.touched(assignment);
            commit();
            commit(); // the present progress is committed: only the end of the delivery is new
            int wait = random.nextInt(2_000);
            Future<?> ended = callThread.submit(() -> {
                spin(wait);
                state.done();
            });
            commitUntilIdle();
            ended.get(10, TimeUnit.SECONDS);
            assertThat(kafka.group().committed(PARTITION).offset())
                    .as("after %s", offset)
                    .isEqualTo(offset + 1);
        }
    }

    @Test
    void noChangeIsOverlooked() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        Future<?> changes = callThread.submit(() -> {
            for (int round = 1; round <= CHANGES; round++) {
                while (begun.get() < round) {
                    if (Thread.interrupted()) {
                        return; // the test has failed
                    }
                    Thread.onSpinWait();
                }
                assignment.changed();
                ended.set(round);
            }
        });
        for (int round = 1; round <= CHANGES; round++) {
            assignment.takeChanged();
            boolean seen = false;
            begun.set(round);
            while (ended.get() < round && !changes.isDone()) {
                seen |= assignment.takeChanged();
            }
            seen |= assignment.takeChanged();
            assertThat(seen).as("in round %s", round).isTrue();
        }
        changes.get(10, TimeUnit.SECONDS);
    }

    @Test
    void anOpenDeliveryNeverLiesBeforeThePosition() throws Exception {
        for (int round = 0; round < ROUNDS / 25; round++) {
            List<OffsetState> states = LongStream.range(round * 500L, (round + 1) * 500L)
                    .mapToObj(offset -> TestApps.read(assignment, offset, 1, KEY))
                    .toList();
            Future<?> ended = callThread.submit(() -> states.forEach(state -> {
                state.done();
                spin(100);
            }));
            while (!ended.isDone()) {
                checkStanding();
            }
            ended.get(10, TimeUnit.SECONDS);
        }
    }

    private void checkStanding() {
        OffsetAndMetadata standing = assignment.standing();
        PartitionProgress progress = ProgressCodec.decode(standing.metadata(), standing.offset());
        assertThat(progress.addresses()).as("at %s", standing.offset()).containsKey(KEY);
        assertThat(progress.of(KEY, 0).first()).isGreaterThanOrEqualTo(standing.offset());
    }
}
