package io.mqttrelay.bench.run;

/**
 * What the callback says of a run so far.
 *
 * @param a the address {@code /a}
 * @param failed answered with 500
 * @param down POSTs to the address that is down
 * @param p50 microseconds from sending to arrival at {@code /a}; so are the others
 */
record CallbackStats(Account a, Account b, long failed, long down, long p50, long p90, long p99, long p999, long max) {
    Latencies latencies() {
        return new Latencies(p50, p99, p999, max);
    }

    /**
     * What one address accepted.
     *
     * @param posts in which it came; 0 where it was not sent over HTTP
     * @param delivered messages, each counted once
     */
    record Account(long posts, long delivered, long duplicates, long disorders) {}
}
