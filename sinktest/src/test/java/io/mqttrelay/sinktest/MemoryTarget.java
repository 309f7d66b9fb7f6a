package io.mqttrelay.sinktest;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A target in the memory of this process, which keeps the messages that it accepts. Any thread. */
final class MemoryTarget {
    private static final Answer KEPT = new Answer(null, "kept");
    private static final Answer FULL = new Answer(7, "full");

    /** By name: the service loader makes the provider, so that the test cannot hand them over. */
    private static final Map<String, MemoryTarget> TARGETS = new ConcurrentHashMap<>();

    private final List<RelayMessage> kept = new CopyOnWriteArrayList<>();
    private volatile boolean full;

    private MemoryTarget() {}

    static MemoryTarget of(String name) {
        return TARGETS.computeIfAbsent(name, any -> new MemoryTarget());
    }

    /** From now on it refuses messages, or accepts them again. */
    void full(boolean isFull) {
        full = isFull;
    }

    List<String> keptIds() {
        return kept.stream().map(RelayMessage::id).toList();
    }

    SinkResult take(List<RelayMessage> messages) {
        if (full) {
            return new SinkResult.Refused(FULL, "the memory is full");
        }
        kept.addAll(messages);
        return new SinkResult.Accepted(KEPT);
    }
}
