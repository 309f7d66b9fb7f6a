package io.mqttrelay.ingest.write;

/** The backoff of retries: 100 ms, then doubled each time, at most 5 s. Times are nanoTime. */
final class Retry {
    private static final long INITIAL = 100_000_000L;
    private static final long MAX = 5_000_000_000L;

    private long wait = INITIAL;
    private long due;

    void failed(long now) {
        due = now + wait;
        wait = Math.min(MAX, wait * 2);
    }

    boolean isDue(long now) {
        return now - due >= 0;
    }
}
