package io.mqttrelay.dispatch.progress;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The offsets of blocked lanes: for each {@link LaneKey} the first offset that is not delivered. Immutable, and small:
 * there may be a hundred thousand lanes, and they are kept while a commit names their record.
 */
public final class LaneOffsets {
    /** No lane. */
    public static final LaneOffsets NONE = new LaneOffsets(new long[0], new long[0]);

    /** Ascending. */
    private final long[] lanes;

    private final long[] offsets;

    private LaneOffsets(long[] lanes, long[] offsets) {
        this.lanes = lanes;
        this.offsets = offsets;
    }

    /** Collects lanes in ascending order. */
    public static final class Builder {
        private final long[] lanes;
        private final long[] offsets;
        private int size;

        /** @param most number of lanes that may be added */
        public Builder(int most) {
            lanes = new long[most];
            offsets = new long[most];
        }

        public void add(long lane, long offset) {
            lanes[size] = lane;
            offsets[size++] = offset;
        }

        public LaneOffsets build() {
            return size == 0 ? NONE : new LaneOffsets(Arrays.copyOf(lanes, size), Arrays.copyOf(offsets, size));
        }
    }

    public static LaneOffsets of(Map<Long, Long> all) {
        SortedMap<Long, Long> sorted = new TreeMap<>(all);
        Builder builder = new Builder(sorted.size());
        sorted.forEach(builder::add);
        return builder.build();
    }

    int size() {
        return lanes.length;
    }

    public boolean isEmpty() {
        return lanes.length == 0;
    }

    /** The key of the lane at this index; indexes are in the order of keys. */
    long lane(int place) {
        return lanes[place];
    }

    /** The first offset of the lane at this index that is not delivered. */
    long offset(int place) {
        return offsets[place];
    }

    /** The first offset of each lane, unordered. */
    LongStream offsets() {
        return Arrays.stream(offsets);
    }

    /** The lowest offset; {@code Long.MAX_VALUE}: there is no lane. */
    long lowest() {
        long lowest = Long.MAX_VALUE;
        for (long offset : offsets) {
            lowest = Math.min(lowest, offset);
        }
        return lowest;
    }

    /** Keeps only the lanes whose offset lies before this one. */
    LaneOffsets before(long end) {
        Builder kept = new Builder(lanes.length);
        for (int i = 0; i < lanes.length; i++) {
            if (offsets[i] < end) {
                kept.add(lanes[i], offsets[i]);
            }
        }
        return kept.build();
    }

    /** Keeps the lanes that are missing in the other, or have another offset there. */
    LaneOffsets changedSince(LaneOffsets other) {
        Builder changed = new Builder(lanes.length);
        int there = 0;
        for (int i = 0; i < lanes.length; i++) {
            while (there < other.lanes.length && other.lanes[there] < lanes[i]) {
                there++;
            }
            boolean same =
                    there < other.lanes.length && other.lanes[there] == lanes[i] && other.offsets[there] == offsets[i];
            if (!same) {
                changed.add(lanes[i], offsets[i]);
            }
        }
        return changed.build();
    }

    /** Keeps the lanes that are missing in the other, or have a lower offset than there. */
    LaneOffsets notReachedBy(LaneOffsets other) {
        Map<Long, Long> reached = other.toMap();
        Builder left = new Builder(lanes.length);
        for (int i = 0; i < lanes.length; i++) {
            Long there = reached.get(lanes[i]);
            if (there == null || offsets[i] < there) {
                left.add(lanes[i], offsets[i]);
            }
        }
        return left.build();
    }

    /** Keeps the lanes that are missing in the other. */
    LaneOffsets without(LaneOffsets other) {
        Builder left = new Builder(lanes.length);
        for (int i = 0; i < lanes.length; i++) {
            if (!other.has(lanes[i])) {
                left.add(lanes[i], offsets[i]);
            }
        }
        return left.build();
    }

    /** Whether the lane is included. */
    boolean has(long lane) {
        return Arrays.binarySearch(lanes, lane) >= 0;
    }

    public Map<Long, Long> toMap() {
        Map<Long, Long> all = new HashMap<>();
        for (int i = 0; i < lanes.length; i++) {
            all.put(lanes[i], offsets[i]);
        }
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LaneOffsets that
                && Arrays.equals(lanes, that.lanes)
                && Arrays.equals(offsets, that.offsets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(lanes) + Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
