package io.mqttrelay.bench.run;

/**
 * The callback's counts of a run so far.
 *
 * @param a the address {@code /a}
 * @param failed answered with 500
 * @param down POSTs to the address that is down
 * @param p50 microseconds from sending to arrival at {@code /a}; the other percentiles likewise
 */
record CallbackStats(Account a, Account b, long failed, long down, long p50, long p90, long p99, long p999, long max) {
    Latencies latencies() {
        return new Latencies(p50, p99, p999, max);
    }

    /**
     * The counts of one address.
     *
     * @param posts requests; 0 if it was not sent over HTTP
     * @param delivered messages, each counted once
     */
    record Account(long posts, long delivered, long duplicates, long disorders) {}
}
