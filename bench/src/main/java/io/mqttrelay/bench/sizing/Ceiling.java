package io.mqttrelay.bench.sizing;

/**
 * The most messages a second that dispatchers deliver when there is always one more: the least of what the processors, the
 * calls in flight and the order within topics allow.
 *
 * @param processors that all share
 * @param microsPerMessage of them, for each message, whoever uses it up
 * @param calls in flight at most, of all dispatchers
 * @param topics each in an order of its own
 * @param callMillis how long a callback takes to answer
 */
public record Ceiling(int processors, double microsPerMessage, int calls, int topics, double callMillis) {
    private static final double MICROS_A_SECOND = 1e6;

    public double byProcessors() {
        return processors * MICROS_A_SECOND / microsPerMessage;
    }

    /** A call is in flight while its callback works, and while the processors do what it needs. */
    public double byCalls() {
        return Math.min(calls, topics) * MICROS_A_SECOND / (callMillis * 1000 + microsPerMessage);
    }

    public double perSecond() {
        return Math.min(byProcessors(), byCalls());
    }
}
