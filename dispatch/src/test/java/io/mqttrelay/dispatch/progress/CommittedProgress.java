package io.mqttrelay.dispatch.progress;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The progress of each address in a commit, for tests that compare commits with deliveries. */
public final class CommittedProgress {
    private final long position;
    private final PartitionProgress progress;
    private final LongFunction<String> topics;

    /**
     * @param partition of the commit
     * @param store of the record that the commit may name
     * @param topics the MQTT topic of the record at an offset
     */
    public CommittedProgress(
            TopicPartition partition, OffsetAndMetadata committed, SimulatedStore store, LongFunction<String> topics) {
        this.position = committed.offset();
        this.topics = topics;
        Snapshot.Changes changes = SnapshotCodec.read(committed.metadata(), position);
        this.progress = changes == null
                ? ProgressCodec.decode(committed.metadata(), position)
                : changes.over(
                        SnapshotCodec.ofRecord(
                                store.find(
                                        Snapshots.key(partition, changes.named().number())),
                                changes.named().nonce()),
                        position);
    }

    /** Makes the commit of a partition in which nothing is complete for these addresses. */
    public static OffsetAndMetadata ofNothing(Collection<Long> addresses) {
        Map<Long, AddressProgress> all = new LinkedHashMap<>();
        addresses.forEach(address -> all.put(address, AddressProgress.beginningAt(0)));
        return new OffsetAndMetadata(0, ProgressCodec.encode(new PartitionProgress(all), 0));
    }

    /**
     * Whether a dispatcher that takes the partition over would not deliver the record at this offset to the address.
     */
    public boolean isDone(long address, long offset) {
        AddressProgress known = progress.of(address, position);
        return offset < position
                || (offset < known.tail()
                        && known.open().stream().noneMatch(run -> run.first() <= offset && offset <= run.last())
                        && !isOfBlocked(known.lanes().toMap(), offset));
    }

    private boolean isOfBlocked(Map<Long, Long> lanes, long offset) {
        Long from = lanes.isEmpty() ? null : lanes.get(LaneKey.of(topics.apply(offset)));
        return from != null && offset >= from;
    }

    /** Failed attempts of the record at this offset that a dispatcher that takes the partition over would count. */
    public int attempts(long address, long offset) {
        Tried tried = progress.of(address, position).attempts().get(offset);
        return tried == null ? 0 : tried.attempts();
    }

    @Override
    public String toString() {
        return position + " " + progress;
    }
}
