package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.Sample;
import io.mqttrelay.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Publishes messages at a steady rate to warm processes without a backlog. The warm-up publishes faster, which warms
 * the processes sooner, and its messages must have arrived before. The first seconds of the steady rate do not count.
 *
 * @param warmUp messages of the warm-up
 * @param settled messages until latencies count
 * @param records messages in all
 */
record SteadyLoad(int warmUp, int settled, int records, int perSecond) {
    private static final int WARM_UP = 200_000;
    private static final int WARM_UP_PER_SECOND = 5000;
    private static final int SETTLE_SECONDS = 5;
    private static final int SECONDS = 30;
    private static final Duration REST = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static SteadyLoad of(int perSecond, Settings settings) {
        if (settings.smoke()) {
            return new SteadyLoad(1, 2, settings.records(), perSecond);
        }
        int settled = WARM_UP + SETTLE_SECONDS * perSecond;
        return new SteadyLoad(WARM_UP, settled, settled + SECONDS * perSecond, perSecond);
    }

    /**
     * Publishes all messages, and returns when all have arrived, or no more arrive.
     *
     * @param whenSettled run when latencies begin to count
     * @return the samples since then
     */
    List<Sample> run(
            Stage stage, Broker broker, String app, Measured measured, Settings settings, Runnable whenSettled) {
        LongSupplier delivered = () -> stage.callback().stats().a().delivered();
        try (JavaProcess publisher = stage.publish(broker, app, 0, warmUp, WARM_UP_PER_SECOND, settings)) {
            new Watch(measured, delivered).until(warmUp, atMost(warmUp, WARM_UP_PER_SECOND));
            publisher.awaitExit(PATIENCE);
        }
        Watch.pause(settings.smoke() ? Duration.ZERO : REST);
        try (JavaProcess publisher = stage.publish(broker, app, warmUp, records, perSecond, settings)) {
            new Watch(measured, delivered).until(settled, atMost(settled - warmUp, perSecond));
            whenSettled.run();
            List<Sample> samples = new Watch(measured, delivered).until(records, atMost(records - settled, perSecond));
            publisher.awaitExit(PATIENCE);
            return samples;
        }
    }

    private static Duration atMost(int messages, int perSecond) {
        return Duration.ofSeconds(messages / perSecond).plus(PATIENCE);
    }
}
