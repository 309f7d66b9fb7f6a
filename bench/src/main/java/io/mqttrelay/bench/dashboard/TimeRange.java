package io.mqttrelay.bench.dashboard;

/**
 * The time range of a picture.
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
