package io.mqttrelay.dispatch.progress;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A progress record that a commit may name.
 *
 * @param number grows from record to record of a partition
 * @param nonce random, in the record and in the commit: it tells the record from those of other writers
 * @param place of the record in the progress topic
 */
record Snapshot(long number, long nonce, ProgressStore.Place place) {
    /**
     * The changes in a commit since the progress record that it names.
     *
     * @param named the record
     * @param progress of every address; its blocked lanes are those that changed since the record
     * @param ended by address: lanes that are in the record, and no longer blocked
     * @param allAttempts whether no attempts were left out: then those of the record are outdated
     */
    record Changes(Snapshot named, PartitionProgress progress, Map<Long, LaneOffsets> ended, boolean allAttempts) {
        /** Merges the changes with the blocked lanes of the record. */
        PartitionProgress over(PartitionProgress record, long position) {
            Map<Long, AddressProgress> all = new LinkedHashMap<>();
            progress.addresses()
                    .forEach((key, now) -> all.put(key, over(record.of(key, position), key, now, position)));
            return new PartitionProgress(all);
        }

        private AddressProgress over(AddressProgress recorded, long key, AddressProgress now, long position) {
            LaneOffsets gone = ended.getOrDefault(key, LaneOffsets.NONE);
            Map<Long, Long> lanes = recorded.lanes().toMap();
            lanes.keySet().removeIf(gone::has);
            lanes.putAll(now.lanes().toMap());
            lanes.replaceAll((lane, offset) -> Math.max(offset, position));
            LaneOffsets blocked = LaneOffsets.of(lanes).before(now.tail());
            Map<Long, Tried> tried = new HashMap<>();
            Set<Long> firsts = new HashSet<>(lanes.values());
            recorded.attempts().forEach((offset, each) -> {
                if (!allAttempts
                        && offset >= position
                        && offset < now.tail()
                        && (now.isOpen(offset) || firsts.contains(offset))) {
                    tried.put(offset, each);
                }
            });
            tried.putAll(now.attempts());
            return new AddressProgress(now.open(), now.tail(), tried, blocked);
        }
    }

    /** The blocked lanes of every address in a progress. */
    static Map<Long, LaneOffsets> lanes(PartitionProgress progress) {
        Map<Long, LaneOffsets> lanes = new HashMap<>();
        progress.addresses().forEach((key, each) -> {
            if (!each.lanes().isEmpty()) {
                lanes.put(key, each.lanes());
            }
        });
        return lanes;
    }
}
