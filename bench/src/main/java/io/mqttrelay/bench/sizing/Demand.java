package io.mqttrelay.bench.sizing;

/**
 * The load and the limits for a sizing plan.
 *
 * @param perSecond messages
 * @param addresses of each message
 * @param callMillis how long a callback takes to answer
 * @param inFlight maximum calls in flight of one dispatcher
 * @param copies of each message in Kafka
 * @param processors of each process
 * @param busy the part of the processors that may be used
 */
public record Demand(
        double perSecond, int addresses, double callMillis, int inFlight, int copies, int processors, double busy) {

    double callsPerSecond() {
        return perSecond * addresses;
    }

    double usableMicrosPerSecond() {
        return processors * busy * 1e6;
    }
}
