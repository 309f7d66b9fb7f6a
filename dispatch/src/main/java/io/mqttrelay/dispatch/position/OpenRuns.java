package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.progress.Run;
import java.util.ArrayList;
import java.util.List;

/** Joins the offsets of deliveries, in the order in which they were read, to ranges of offsets. */
final class OpenRuns {
    private final List<Run> runs = new ArrayList<>();
    private long before = Long.MIN_VALUE;

    void add(OffsetState state) {
        int end = runs.size() - 1;
        if (state.place() == before + 1) {
            runs.set(end, new Run(runs.get(end).first(), state.offset()));
        } else {
            runs.add(new Run(state.offset(), state.offset()));
        }
        before = state.place();
    }

    List<Run> runs() {
        return runs;
    }

    /** Returns these ranges and others, which share no offset with them, in ascending order. */
    List<Run> mergedWith(List<Run> others) {
        List<Run> merged = new ArrayList<>(runs.size() + others.size());
        int next = 0;
        for (Run run : runs) {
            while (next < others.size() && others.get(next).first() < run.first()) {
                merged.add(others.get(next++));
            }
            merged.add(run);
        }
        merged.addAll(others.subList(next, others.size()));
        return merged;
    }
}
