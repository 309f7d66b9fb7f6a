package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.dispatch.flow.WindowPolicy;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Addresses that are behind get every record, beside a partition that cannot be read. */
final class CatchUpTest {
    private static final TopicPartition ONE = new TopicPartition("one", 0);
    private static final TopicPartition TWO = new TopicPartition("two", 0);
    private static final long FAST = 1;
    private static final long SLOW = 2;
    private static final int RECORDS = 6;
    private static final ConsumedApp APP = TestApps.app("app", FAST, SLOW);

    private final MockConsumer<byte[], byte[]> group = new MockConsumer<>("none");
    private final MockConsumer<byte[], byte[]> reader = new MockConsumer<>("none");
    private final List<String> read = new ArrayList<>();
    private final TakesAll records = new TakesAll() {
        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
            OffsetState state = context.take(SLOW, null);
            if (state != null) {
                read.add(record.topic() + "@" + record.offset());
                state.done();
            }
        }
    };
    private final Assignments assignments = new Assignments(
            group,
            partitions -> CompletableFuture.completedFuture(Map.of()),
            Map.of("one", APP, "two", APP),
            1 << 20,
            new ConsumerMeters(new SimpleMeterRegistry(), List.of(APP)),
            System::nanoTime);
    private final CatchUp catchUp = new CatchUp(
            () -> reader,
            assignments,
            new WindowPolicy(100, records, System::nanoTime, Duration.ofMillis(50)),
            records,
            System::nanoTime);

    @BeforeEach
    void assign() {
        group.assign(List.of(ONE, TWO));
        Map<Long, AddressProgress> progress = new HashMap<>(Map.of(
                FAST,
                AddressProgress.beginningAt(RECORDS),
                SLOW,
                AddressProgress.beginningAt(0),
                TestApps.UNROUTABLE,
                AddressProgress.beginningAt(RECORDS)));
        OffsetAndMetadata committed =
                new OffsetAndMetadata(0, ProgressCodec.encode(new PartitionProgress(progress), 0));
        group.commitSync(Map.of(ONE, committed, TWO, committed));
        assignments.assigned(List.of(ONE, TWO));
        assignments.place();
        catchUp.step(); // assigns the partitions with a backlog to the reader
    }

    private void fetched(TopicPartition partition, int from, int to) {
        for (int offset = from; offset < to; offset++) {
            reader.addRecord(
                    new ConsumerRecord<>(partition.topic(), partition.partition(), offset, new byte[1], new byte[1]));
        }
    }

    @Test
    void missesNoRecordAtTheEndOfAPoll() {
        for (int offset = 0; offset < RECORDS; offset++) {
            fetched(ONE, offset, offset + 1);
            catchUp.step();
        }
        assertThat(read).containsExactly("one@0", "one@1", "one@2", "one@3", "one@4", "one@5");
        assertThat(assignments.current(ONE).cursor(SLOW).isInStep()).isTrue();
        assertThat(assignments.current(TWO).cursor(SLOW).isInStep()).isFalse();
    }

    @Test
    void readsOtherPartitionsBesideOneThatCannotBeRead() {
        for (int i = 0; i < 2; i++) {
            reader.setPollException(
                    new KafkaException("Received exception when fetching the next record from one-0. If needed, seek"));
            catchUp.step();
        }
        assertThat(catchUp.problems()).hasSize(1).first().asString().contains("one-0 cannot be read at offset 0");

        catchUp.step();
        assertThat(reader.assignment()).containsExactly(TWO);
        fetched(TWO, 0, RECORDS);
        catchUp.step();
        assertThat(read).hasSize(RECORDS).allMatch(each -> each.startsWith("two@"));
    }

    @Test
    void findsThePartitionThatNoFailureNames() {
        for (int i = 0; i < 7; i++) {
            reader.schedulePollTask(() -> {
                if (reader.assignment().contains(ONE) && !reader.paused().contains(ONE)) {
                    reader.setPollException(new KafkaException("Record size 3 is less than the minimum"));
                } else if (read.size() < 3) {
                    fetched(TWO, read.size(), read.size() + 1);
                }
            });
            catchUp.step();
        }
        assertThat(catchUp.problems()).hasSize(1).first().asString().contains("one-0 cannot be read");
        fetched(TWO, read.size(), RECORDS);
        catchUp.step();
        assertThat(read).hasSize(RECORDS).allMatch(each -> each.startsWith("two@"));
    }

    @Test
    void readsOtherTopicsBesideOneThatIsForbidden() {
        reader.setPollException(new TopicAuthorizationException(Set.of("one")));
        catchUp.step();
        catchUp.step();
        fetched(TWO, 0, RECORDS);
        catchUp.step();
        assertThat(read).hasSize(RECORDS).allMatch(each -> each.startsWith("two@"));
    }
}
