package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.dispatch.member.Heartbeat;
import io.mqttrelay.dispatch.member.MemberReference;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.ProgressStore;
import io.mqttrelay.dispatch.window.ConsumedApp;
import io.mqttrelay.testkit.fakekafka.FakeConsumer;
import io.mqttrelay.testkit.fakekafka.FakeKafka;
import io.mqttrelay.testkit.fakekafka.FakeMember;
import io.mqttrelay.testkit.fakekafka.Network;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All steps of the loop together, with a Kafka in memory. */
final class ConsumerLoopTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long KEY = 7;
    private static final ConsumedApp APP = TestApps.app("app", KEY);
    private static final FakeMember.Assignor NEVER_BUSY = new FakeMember.Assignor() {
        @Override
        public Set<TopicPartition> busy() {
            return Set.of();
        }

        @Override
        public void drain(Set<TopicPartition> partitions) {}
    };

    private final ManualClock clock = ManualClock.create();
    private final FakeKafka kafka = new FakeKafka(List.of(PARTITION), members -> members.get(0));
    private final List<OffsetState> taken = new ArrayList<>();
    private @Nullable RuntimeException failure;
    private Duration silence = Duration.ZERO;
    private final Network network = new Network() {
        @Override
        public void before(FakeConsumer from, Request request) {
            if (failure != null && request == Request.POLL) {
                throw failure;
            }
        }

        @Override
        public void await(FakeConsumer from, Duration patience) {
            clock.advance(patience.plus(silence));
        }
    };
    private final Heartbeat heartbeat = new Heartbeat(Duration.ofSeconds(15), clock.nanoTime());
    private final ConsumerLoop loop = new ConsumerLoop(
            new ConsumerLoop.Consumers(
                    kafka.member("consumer", network, NEVER_BUSY),
                    new MemberReference(),
                    () -> kafka.reader("catch-up", network),
                    topics -> CompletableFuture.completedFuture(Map.of()),
                    partitions -> CompletableFuture.completedFuture(Map.of()),
                    TestApps.ranges(kafka),
                    ProgressStore.NONE),
            Map.of("t", APP),
            new TakesAll() {
                @Override
                public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
                    OffsetState state = context.take(KEY, null);
                    if (state != null) {
                        taken.add(state);
                    }
                }
            },
            new ConsumerLoop.Bounds(1 << 20, 100, Duration.ofSeconds(5), Duration.ofSeconds(5)),
            new ConsumerMeters(new SimpleMeterRegistry(), List.of(APP)),
            new ConsumerTime(clock, clock.nanoTime(), new ConsumerTime.Waits() {
                @Override
                public void sleep(Duration time) {
                    clock.advance(time);
                }

                @Override
                public boolean untilQuiet(Assignment assignment, long nanos) {
                    return true;
                }
            }),
            heartbeat);

    @BeforeEach
    void start() {
        loop.start();
    }

    private void write(int records) {
        for (int i = 0; i < records; i++) {
            long offset = kafka.log(PARTITION).end();
            kafka.log(PARTITION).append(new ConsumerRecord<>("t", 0, offset, new byte[1], new byte[1]));
        }
    }

    /** Runs enough steps for every task that runs once a second. */
    private void steps() throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            loop.step();
        }
    }

    private long committed() {
        OffsetAndMetadata committed = kafka.group().committed(PARTITION);
        return committed == null ? -1 : committed.offset();
    }

    @Test
    void isReadyOnceItHasJoinedItsGroup() throws InterruptedException {
        assertThat(loop.whyNotReady()).isEqualTo("joining the consumer group");
        steps();
        assertThat(loop.whyNotReady()).isNull();
    }

    @Test
    void commitsCompletedDeliveriesWhilePollsFail() throws InterruptedException {
        write(2);
        steps();
        assertThat(taken).hasSize(2);
        failure = new TimeoutException("simulated");
        loop.step();
        taken.forEach(OffsetState::done);
        steps();
        assertThat(loop.whyNotReady()).contains("poll fails");
        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void aLateRefusalOfAnUnsubscribedTopicDelaysNoOther() throws InterruptedException {
        steps();
        write(1);
        failure = new TopicAuthorizationException(Set.of("unsubscribed"));
        loop.step();
        failure = null;
        loop.step();

        assertThat(taken).hasSize(1);
        assertThat(loop.takeRefused()).isEmpty();
    }

    @Test
    void tellsThatARefusalOfUnsubscribedTopicsGoesOn() throws InterruptedException {
        steps();
        failure = new TopicAuthorizationException(Set.of("unsubscribed"));
        steps(); // 2.5 s
        assertThat(loop.whyNotReady()).isNull();
        steps();
        steps();

        assertThat(loop.whyNotReady()).contains("poll fails");
    }

    @Test
    void anAnswerDuringALongPollIsAsOldAsThePoll() throws InterruptedException {
        steps();
        silence = Duration.ofSeconds(9);
        loop.step();
        clock.advance(Duration.ofSeconds(2));
        assertThat(heartbeat.isFresh()).isFalse();

        silence = Duration.ZERO;
        loop.step();
        assertThat(heartbeat.isFresh()).isTrue();
    }

    @Test
    void goesOnAtTheNewLogStartOffset() throws InterruptedException {
        kafka.group().commit(PARTITION, new OffsetAndMetadata(0));
        write(5);
        kafka.log(PARTITION).deleteBefore(3);
        steps();

        assertThat(taken).extracting(TestApps::offset).containsExactly(3L, 4L);
        taken.forEach(OffsetState::done);
        steps();
        assertThat(committed()).isEqualTo(5);
    }

    @Test
    void commitsCompletedDeliveriesOnClose() throws InterruptedException {
        write(1);
        steps();
        taken.forEach(OffsetState::done);
        loop.close();
        assertThat(committed()).isEqualTo(1);
    }
}
