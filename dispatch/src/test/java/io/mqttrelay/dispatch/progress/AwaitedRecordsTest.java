package io.mqttrelay.dispatch.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A partition begins when the progress record that its commit names was read, or cannot be read any more. */
final class AwaitedRecordsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long KEY = 7;
    private static final long POSITION = 10;

    private final Map<String, byte[]> written = new HashMap<>();
    private final Map<String, CompletableFuture<byte @Nullable []>> asked = new HashMap<>();
    private long nanos;
    private final Snapshots.Tools tools = new Snapshots.Tools(
            new ProgressStore() {
                @Override
                public CompletableFuture<Place> write(String key, byte[] value) {
                    written.put(key, value);
                    return CompletableFuture.completedFuture(new Place(0, 0));
                }

                @Override
                public void delete(String key) {}

                @Override
                public CompletableFuture<byte @Nullable []> read(String key, Place place) {
                    return asked.computeIfAbsent(key, missing -> new CompletableFuture<>());
                }
            },
            () -> nanos,
            () -> 1,
            () -> 42,
            0);
    private final AwaitedRecords awaited = new AwaitedRecords(tools);
    private final List<PartitionProgress> begun = new ArrayList<>();
    private final AddressProgress progress =
            new AddressProgress(List.of(), 90, Map.of(), LaneOffsets.of(Map.of(LaneKey.of("bad"), POSITION)));
    private OffsetAndMetadata commit;

    @BeforeEach
    void commitThatNamesARecord() {
        Snapshots snapshots = new Snapshots(PARTITION, tools, null, null);
        PartitionProgress known = new PartitionProgress(Map.of(KEY, progress));
        snapshots.metadata(known, POSITION); // asks for the record
        commit = new OffsetAndMetadata(POSITION, snapshots.metadata(known, POSITION));
    }

    private void take() {
        awaited.takeRead((committed, found, snapshots) -> begun.add(found));
    }

    private CompletableFuture<byte @Nullable []> record() {
        return asked.values().iterator().next();
    }

    @Test
    void aCommitWithoutARecordWaitsForNone() {
        assertThat(awaited.read(PARTITION, new OffsetAndMetadata(POSITION, ""))).isFalse();
        assertThat(awaited.has(PARTITION)).isFalse();
    }

    @Test
    void beginsWithTheProgressOfTheRecordWhenItIsRead() {
        assertThat(awaited.read(PARTITION, commit)).isTrue();
        take();
        assertThat(begun).isEmpty();
        assertThat(awaited.has(PARTITION)).isTrue();

        record().complete(written.values().iterator().next());
        take();

        assertThat(begun).hasSize(1);
        assertThat(begun.get(0).of(KEY, POSITION)).isEqualTo(progress);
        assertThat(awaited.has(PARTITION)).isFalse();
    }

    @Test
    void beginsAtTheCommittedOffsetWhereTheRecordIsGone() {
        awaited.read(PARTITION, commit);
        record().complete(null);
        take();

        assertThat(begun).hasSize(1);
        assertThat(begun.get(0).of(KEY, POSITION)).isEqualTo(AddressProgress.beginningAt(POSITION));
    }

    @Test
    void beginsAtTheCommittedOffsetWhereTheRecordIsAnothers() {
        awaited.read(PARTITION, commit);
        record().complete(SnapshotCodec.record(new PartitionProgress(Map.of(KEY, progress)), POSITION, 43));
        take();

        assertThat(begun.get(0).of(KEY, POSITION)).isEqualTo(AddressProgress.beginningAt(POSITION));
    }

    @Test
    void reportsARecordThatIsLate() {
        awaited.read(PARTITION, commit);
        nanos += Duration.ofSeconds(6).toNanos();
        take();
        assertThat(awaited.problems()).singleElement().asString().contains("t-0");

        record().complete(null);
        take();
        assertThat(awaited.problems()).isEmpty();
    }

    @Test
    void aPartitionThatWasTakenAwayDoesNotBegin() {
        awaited.read(PARTITION, commit);
        awaited.removeIf(PARTITION::equals);
        record().complete(null);
        take();

        assertThat(begun).isEmpty();
    }
}
