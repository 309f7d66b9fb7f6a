package io.mqttrelay.bench.probe;

import io.mqttrelay.bench.wire.BenchMessage;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;

/** How old messages are where they are seen. Belongs to the thread that sees them until all have come. */
final class Latency {
    private static final long LONGEST_MICROS = 60_000_000;

    private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
    private final CountDownLatch missing;
    private final int from;

    /**
     * @param from number of the first message that counts: those before warm up
     * @param records how many there will be in all
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

    /** Once complete. */
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
