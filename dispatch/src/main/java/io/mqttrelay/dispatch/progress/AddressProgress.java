package io.mqttrelay.dispatch.progress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Progress of one address in one partition: every record before the tail is complete, except the open ranges and the
 * blocked lanes.
 *
 * @param open ranges in ascending order, before the tail
 * @param tail nothing from this offset on is known to be complete
 * @param attempts failed attempts of open records, by offset; a record that is not listed was not tried
 * @param lanes blocked lanes: no record of a lane from its offset on, which lies before the tail, was delivered
 */
public record AddressProgress(List<Run> open, long tail, Map<Long, Tried> attempts, LaneOffsets lanes) {
    public AddressProgress {
        open = List.copyOf(open);
        attempts = Map.copyOf(attempts);
    }

    /** Makes progress without blocked lanes. */
    public AddressProgress(List<Run> open, long tail, Map<Long, Tried> attempts) {
        this(open, tail, attempts, LaneOffsets.NONE);
    }

    /** Makes progress where everything before this offset is complete, and nothing from it on. */
    public static AddressProgress beginningAt(long offset) {
        return new AddressProgress(List.of(), offset, Map.of());
    }

    /** The first offset that is not complete. */
    public long first() {
        return Math.min(lanes.lowest(), open.isEmpty() ? tail : open.get(0).first());
    }

    /** Returns the same progress with other blocked lanes. */
    AddressProgress with(LaneOffsets others) {
        return new AddressProgress(open, tail, attempts, others);
    }

    /** Whether this offset is not complete, apart from blocked lanes. */
    public boolean isOpen(long offset) {
        int low = 0;
        int high = open.size() - 1;
        while (low <= high) { // the last range that begins at or before the offset
            int middle = (low + high) / 2;
            if (open.get(middle).first() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return offset >= tail || (high >= 0 && open.get(high).contains(offset));
    }

    /** Returns the progress before this offset, at which the log ends now: other records will come there. */
    public AddressProgress before(long end) {
        List<Run> kept = new ArrayList<>();
        for (Run run : open) {
            if (run.first() < end) {
                kept.add(new Run(run.first(), Math.min(run.last(), end - 1)));
            }
        }
        Map<Long, Tried> tried = new HashMap<>(attempts);
        tried.keySet().removeIf(offset -> offset >= end);
        return new AddressProgress(kept, Math.min(tail, end), tried, lanes.before(end));
    }

    /** Keeps this many ranges and blocked lanes, those with the lowest offsets, and forgets all progress after them. */
    AddressProgress nearest(int most) {
        if (open.size() + lanes.size() <= most) {
            return this;
        }
        long[] offsets = LongStream.concat(open.stream().mapToLong(Run::first), lanes.offsets())
                .sorted()
                .toArray();
        return before(offsets[most]);
    }

    /** Keeps this many attempts, those of the lowest offsets: the others are counted from 0 again. */
    AddressProgress nearestAttempts(int most) {
        if (attempts.size() <= most) {
            return this;
        }
        Map<Long, Tried> kept = new HashMap<>();
        attempts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(most)
                .forEach(each -> kept.put(each.getKey(), each.getValue()));
        return new AddressProgress(open, tail, kept, lanes);
    }
}
