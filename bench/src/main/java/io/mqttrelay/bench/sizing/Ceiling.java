package io.mqttrelay.bench.sizing;

/**
 * The maximum throughput of dispatchers with an endless backlog, in messages a second. It is the minimum of the
 * limits by processors, by calls in flight, and by the order within topics.
 *
 * @param processors shared by all processes
 * @param microsPerMessage processor time for each message, in all processes
 * @param calls maximum calls in flight, of all dispatchers
 * @param topics number of topics, each with its own order
 * @param callMillis how long a callback takes to answer
 */
public record Ceiling(int processors, double microsPerMessage, int calls, int topics, double callMillis) {
    private static final double MICROS_A_SECOND = 1e6;

    public double byProcessors() {
        return processors * MICROS_A_SECOND / microsPerMessage;
    }

    /** The limit by calls. A call is in flight while its callback works, and while the processors do its work. */
    public double byCalls() {
        return Math.min(calls, topics) * MICROS_A_SECOND / (callMillis * 1000 + microsPerMessage);
    }

    public double perSecond() {
        return Math.min(byProcessors(), byCalls());
    }
}
