package io.mqttrelay.bench.sizing;

/**
 * What is asked for.
 *
 * @param perSecond messages
 * @param addresses that each message goes to
 * @param callMillis how long a callback takes to answer
 * @param inFlight calls that one dispatcher has out at most
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
