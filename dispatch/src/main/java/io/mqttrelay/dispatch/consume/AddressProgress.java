package io.mqttrelay.dispatch.consume;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far an address has got in a partition: it has everything before the tail but what is open.
 *
 * @param open in ascending order, before the tail
 * @param tail nothing is known of this offset and those behind it: it has got none of them
 * @param attempts made so far of what is open, by offset; what is missing was not tried
 */
record AddressProgress(List<Run> open, long tail, Map<Long, Integer> attempts) {
    AddressProgress {
        open = List.copyOf(open);
        attempts = Map.copyOf(attempts);
    }

    /** Nothing before this offset is open, and nothing from it on is known. */
    static AddressProgress beginningAt(long offset) {
        return new AddressProgress(List.of(), offset, Map.of());
    }

    /** The first offset that it has not got. */
    long first() {
        return open.isEmpty() ? tail : open.get(0).first();
    }

    /** Only the first so many runs: what lies behind is not known any more. */
    AddressProgress nearestRuns(int most) {
        if (open.size() <= most) {
            return this;
        }
        long end = open.get(most).first();
        Map<Long, Integer> kept = new HashMap<>(attempts);
        kept.keySet().removeIf(offset -> offset >= end);
        return new AddressProgress(open.subList(0, most), end, kept);
    }

    /** Only the first so many attempts: the others will be counted anew. */
    AddressProgress nearestAttempts(int most) {
        if (attempts.size() <= most) {
            return this;
        }
        Map<Long, Integer> kept = new HashMap<>();
        attempts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(most)
                .forEach(each -> kept.put(each.getKey(), each.getValue()));
        return new AddressProgress(open, tail, kept);
    }
}
