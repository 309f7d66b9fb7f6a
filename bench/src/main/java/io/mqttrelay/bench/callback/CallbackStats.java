package io.mqttrelay.bench.callback;

import java.util.ArrayList;
import java.util.List;

/**
 * The callback's counts of a run so far.
 *
 * @param a the address {@code /a}
 * @param failed answered with 500
 * @param down POSTs to the address that is down
 * @param p50 microseconds from sending to arrival at {@code /a}; the other percentiles likewise
 */
public record CallbackStats(
        Account a, Account b, long failed, long down, long p50, long p90, long p99, long p999, long max) {
    /** Latencies on arrival, microseconds. */
    public record Latencies(long p50, long p99, long p999, long max) {}

    public Latencies latencies() {
        return new Latencies(p50, p99, p999, max);
    }

    /**
     * The counts of one address.
     *
     * @param posts requests; 0 if it was not sent over HTTP
     * @param delivered messages, each counted once
     */
    public record Account(long posts, long delivered, long duplicates, long disorders) {
        /**
         * The problems in one line; empty: every message was delivered once, and in order if that is guaranteed.
         *
         * @param messages that must have been delivered, at any speed
         */
        public String problems(long messages, boolean ordered) {
            List<String> problems = new ArrayList<>();
            if (delivered < messages) {
                problems.add(messages - delivered + " not delivered in time");
            }
            if (duplicates > 0) {
                problems.add(duplicates + " delivered again");
            }
            if (ordered && disorders > 0) {
                problems.add(disorders + " out of order");
            }
            return String.join(", ", problems);
        }
    }
}
