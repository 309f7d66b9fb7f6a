package io.mqttrelay.bench.measure;

import java.util.List;

/**
 * The figures of the middle of a run, without its start and its last stragglers.
 *
 * @param perSecond messages
 * @param cpuMicros of the measured processes, for each message
 * @param residentBytes the maximum of the whole run
 */
public record Middle(double perSecond, double cpuMicros, long residentBytes) {
    private static final double FROM = 0.2;
    private static final double TO = 0.9;

    /**
     * Computes the middle of a run.
     *
     * @param samples in the order of their time
     */
    public static Middle of(List<Sample> samples) {
        long first = samples.get(0).done();
        long all = samples.get(samples.size() - 1).done() - first;
        Sample from = reached(samples, first + (long) (FROM * all));
        Sample to = reached(samples, first + (long) (TO * all));
        long done = to.done() - from.done();
        double seconds = (to.nanos() - from.nanos()) / 1e9;
        long cpu = to.cost().cpuMicros() - from.cost().cpuMicros();
        long resident = samples.stream()
                .mapToLong(each -> each.cost().residentBytes())
                .max()
                .orElse(0);
        return done == 0 ? new Middle(0, 0, resident) : new Middle(done / seconds, (double) cpu / done, resident);
    }

    private static Sample reached(List<Sample> samples, long done) {
        return samples.stream().filter(each -> each.done() >= done).findFirst().orElseThrow();
    }
}
