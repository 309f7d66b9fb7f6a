package io.mqttrelay.bench.callback;

import io.mqttrelay.bench.wire.BenchMessage;
import io.mqttrelay.bench.wire.Checklist;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The messages that one address has accepted. Confined to the callback's thread. */
final class Account {
    private static final long LONGEST_MICROS = 600_000_000;

    private final Checklist messages;
    private final Histogram latency = new Histogram(LONGEST_MICROS, 3);
    private int posts;
    private long now;

    Account(int expected, int topics) {
        this.messages = new Checklist(expected, topics);
    }

    /** Counts the messages of a body that is answered with 200. */
    void accept(byte[] bytes, int from, int to) {
        posts++;
        now = BenchMessage.nowMicros();
        BenchMessage.findAll(bytes, from, to, this::found);
    }

    private void found(int number, int topic, int sequence, long sentMicros) {
        latency.recordValue(Math.min(LONGEST_MICROS, Math.max(0, now - sentMicros)));
        messages.came(number, topic, sequence);
    }

    /** Latency from sending a message to its arrival, microseconds. */
    long latency(double percentile) {
        return latency.getValueAtPercentile(percentile);
    }

    /** Resets the latencies. */
    void forgetLatency() {
        latency.reset();
    }

    String toJson() {
        return String.format(
                Locale.ROOT,
                "{\"posts\":%d,\"delivered\":%d,\"duplicates\":%d,\"disorders\":%d}",
                posts,
                messages.distinct(),
                messages.duplicates(),
                messages.disorders());
    }
}
