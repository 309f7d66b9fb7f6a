package io.mqttrelay.bench.probe;

import io.mqttrelay.bench.wire.BenchMessage;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;

/**
 * Latencies of messages at the place where they are observed. Confined to the observing thread until all messages
 * have arrived.
 */
final class Latency {
    private static final long LONGEST_MICROS = 60_000_000;

    private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
    private final CountDownLatch missing;
    private final int from;

    /**
     * @param from number of the first counted message, after the warm-up
     * @param records number of messages in all
     */
    Latency(int from, int records) {
        this.from = from;
        this.missing = new CountDownLatch(records);
    }

    void saw(byte[] payload) {
        long now = BenchMessage.nowMicros();
        BenchMessage.findAll(payload, 0, payload.length, (number, topic, sequence, sentMicros) -> {
            if (number >= from) {
                micros.recordValue(Math.min(LONGEST_MICROS, Math.max(0, now - sentMicros)));
            }
            missing.countDown();
        });
    }

    boolean isComplete() {
        return missing.getCount() == 0;
    }

    void awaitAll() throws InterruptedException {
        missing.await();
    }

    /** The result; call it when all messages have arrived. */
    String toJson() {
        return String.format(
                Locale.ROOT,
                "{\"p50\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d}",
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(99),
                micros.getValueAtPercentile(99.9),
                micros.getMaxValue());
    }
}
