package io.mqttrelay.ingest.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The wait before the next try: doubled each time up to a limit, and spread so that many clients do not come at once. */
final class Backoff {
    private static final double JITTER = 0.25;

    private final Duration initial;
    private final Duration max;
    private final RandomGenerator random;
    private Duration next;

    Backoff(Duration initial, Duration max, RandomGenerator random) {
        this.initial = initial;
        this.max = max;
        this.random = random;
        this.next = initial;
    }

    Duration next() {
        Duration wait = next;
        Duration doubled = wait.multipliedBy(2);
        next = doubled.compareTo(max) < 0 ? doubled : max;
        double spread = 1 + JITTER * (2 * random.nextDouble() - 1);
        return Duration.ofNanos((long) (wait.toNanos() * spread));
    }

    void reset() {
        next = initial;
    }
}
