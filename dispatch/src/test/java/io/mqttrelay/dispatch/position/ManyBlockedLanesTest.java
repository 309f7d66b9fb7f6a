package io.mqttrelay.dispatch.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.consume.TakesAll;
import io.mqttrelay.dispatch.flow.WindowPolicy;
import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.AwaitedRecords;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.progress.ProgressStore;
import io.mqttrelay.dispatch.progress.Snapshots;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.window.AppWindows;
import io.mqttrelay.dispatch.window.Memory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ten, a thousand and a hundred thousand blocked topics in one partition: memory, commit metadata and records are bounded. */
final class ManyBlockedLanesTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long KEY = 7;
    private static final long MAX_BUFFERED = 32 << 20;
    private static final int LARGEST_RECORD = 8 << 20;

    private final AppWindows app = new AppWindows(TestApps.app("app", KEY), new Memory(MAX_BUFFERED), 1);
    private final Map<String, byte[]> written = new HashMap<>();
    private final Snapshots.Tools tools = new Snapshots.Tools(
            new ProgressStore() {
                @Override
                public CompletableFuture<Place> write(String key, byte[] value) {
                    written.put(key, value);
                    return CompletableFuture.completedFuture(new Place(0, written.size()));
                }

                @Override
                public void delete(String key) {
                    written.remove(key);
                }

                @Override
                public CompletableFuture<byte @Nullable []> read(String key, Place place) {
                    return CompletableFuture.completedFuture(written.get(key));
                }
            },
            System::nanoTime,
            () -> 1,
            () -> 42,
            ProgressStore.NONE.leftToCommits());

    private Assignment blocked(int topics) {
        Assignment assignment = new Assignment(PARTITION, app, 0, null, new AwaitedRecords(tools).without(PARTITION));
        Cursor cursor = assignment.cursor(KEY);
        List<OffsetState> loaded = new ArrayList<>();
        for (int topic = 0; topic < topics; topic++) {
            for (int i = 0; i < 2; i++) {
                long offset = assignment.next();
                assignment.readUpTo(offset + 1);
                OffsetState state =
                        new RecordContext(assignment, null, offset, offset, 100).take(KEY, "topic/" + topic);
                assertThat(state).isNotNull();
                state.tried(new Tried(i == 0 ? 2 : 0, 0));
                loaded.add(state);
            }
            if (topic % 1_000 == 999 || topic == topics - 1) {
                loaded.forEach(OffsetState::unload);
                loaded.clear();
                cursor.blockLanes(0);
            }
        }
        return assignment;
    }

    private void areHeld(int topics, int records) {
        Assignment assignment = blocked(topics);
        assertThat(app.addresses().get(0).lanes().isFull()).isFalse();
        assertThat(app.addresses().get(0).memory().bytes()).isZero();
        AddressProgress now = assignment.cursor(KEY).progress(assignment.next());
        assertThat(now.lanes().toMap()).hasSize(topics);

        assignment.committed(assignment.standing()); // asks for a record, if one is needed
        OffsetAndMetadata commit = assignment.standing();

        assertThat(commit.metadata().length()).isLessThanOrEqualTo(4096);
        assertThat(written).hasSize(records);
        written.values().forEach(record -> assertThat(record).hasSizeLessThan(LARGEST_RECORD));
        AwaitedRecords next = new AwaitedRecords(tools);
        if (next.read(PARTITION, commit)) {
            next.takeRead((committed, progress, snapshots) ->
                    assertThat(progress.of(KEY, committed.offset())).isEqualTo(now));
        } else {
            assertThat(ProgressCodec.decode(commit.metadata(), commit.offset()).of(KEY, commit.offset()))
                    .isEqualTo(now);
        }
        assignment.end();
        assertThat(app.addresses().get(0).lanes().bytes()).isZero();
    }

    @Test
    void tenAreInTheCommit() {
        areHeld(10, 0);
    }

    @Test
    void aThousandAreInOneRecord() {
        areHeld(1_000, 1);
    }

    @Test
    void aHundredThousandAreInOneRecord() {
        areHeld(100_000, 1);
    }

    @Test
    void theRecordIsDeletedWhenItIsNotNeededAnyMore() {
        Assignment assignment = blocked(1_000);
        assignment.committed(assignment.standing());
        assignment.committed(assignment.standing());
        assertThat(written).hasSize(1);
        assignment.cursor(KEY).lost(assignment.next());
        assignment.meet(cursor -> true);
        assignment.committed(assignment.standing());
        assertThat(written).hasSize(1);
        new CatchUpScan(
                        assignment,
                        new WindowPolicy(
                                10,
                                new TakesAll() {
                                    @Override
                                    public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {}
                                },
                                System::nanoTime,
                                Duration.ofMillis(50)))
                .plan();
        assignment.committed(assignment.standing());

        assertThat(written).isEmpty();
    }
}
