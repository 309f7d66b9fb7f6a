package io.mqttrelay.dispatch.consume;

import java.util.ArrayList;
import java.util.List;

/**
 * What one address has not got yet, as runs of offsets in ascending order. A run may span records of other routes, never
 * one that the address has got.
 */
final class OpenRuns {
    /**
     * Offsets.
     *
     * @param last inclusive
     */
    record Run(long first, long last) {}

    private final List<Run> runs = new ArrayList<>();
    private boolean closed = true;

    /** The address has not got the record at this offset, which lies behind every earlier one. */
    void open(long offset) {
        if (closed || runs.isEmpty()) {
            runs.add(new Run(offset, offset));
            closed = false;
        } else {
            int end = runs.size() - 1;
            runs.set(end, new Run(runs.get(end).first(), offset));
        }
    }

    /** What follows is a run of its own. */
    void close() {
        closed = true;
    }

    void add(Run run) {
        runs.add(run);
    }

    /** The runs, in order; those from {@code end} on left out. */
    List<Run> before(long end) {
        List<Run> kept = new ArrayList<>();
        for (Run run : runs) {
            if (run.first() < end) {
                kept.add(run.last() < end ? run : new Run(run.first(), end - 1));
            }
        }
        return kept;
    }

    /** The runs, in order; those before {@code begin} left out. */
    List<Run> from(long begin) {
        List<Run> kept = new ArrayList<>();
        for (Run run : runs) {
            if (run.last() >= begin) {
                kept.add(run.first() >= begin ? run : new Run(begin, run.last()));
            }
        }
        return kept;
    }

    boolean contains(long offset) {
        int low = 0;
        int high = runs.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Run run = runs.get(middle);
            if (offset < run.first()) {
                high = middle - 1;
            } else if (offset > run.last()) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    List<Run> all() {
        return runs;
    }
}
