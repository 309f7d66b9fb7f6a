package io.mqttrelay.bench.dashboard;

/**
 * What a picture shows.
 *
 * @param begin seconds since the epoch
 * @param end as begin, included
 * @param step seconds between two values
 */
record TimeRange(long begin, long end, int step) {
    int values() {
        return (int) ((end - begin) / step) + 1;
    }
}
