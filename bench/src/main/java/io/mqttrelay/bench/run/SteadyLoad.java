package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.Sample;
import io.mqttrelay.bench.program.Measured;
import io.mqttrelay.bench.program.Watch;
import io.mqttrelay.bench.server.MqttBroker;
import io.mqttrelay.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.List;

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

    /** The participants of one run. */
    record Run(Stage stage, MqttBroker broker, String app, Measured measured, Settings settings) {
        Watch watch() {
            return new Watch(measured, () -> stage.callback().stats().a().delivered());
        }

        JavaProcess publish(int from, int records, int perSecond) {
            return stage.publish(broker, app, from, records, perSecond, settings);
        }
    }

    /**
     * Publishes all messages, and returns when all have arrived, or no more arrive.
     *
     * @param whenSettled run when latencies begin to count
     * @return the samples since then
     */
    List<Sample> run(Run run, Runnable whenSettled) {
        try (JavaProcess publisher = run.publish(0, warmUp, WARM_UP_PER_SECOND)) {
            run.watch().until(warmUp, atMost(warmUp, WARM_UP_PER_SECOND));
            publisher.awaitExit(PATIENCE);
        }
        Watch.pause(run.settings().smoke() ? Duration.ZERO : REST);
        try (JavaProcess publisher = run.publish(warmUp, records, perSecond)) {
            run.watch().until(settled, atMost(settled - warmUp, perSecond));
            whenSettled.run();
            List<Sample> samples = run.watch().until(records, atMost(records - settled, perSecond));
            publisher.awaitExit(PATIENCE);
            return samples;
        }
    }

    private static Duration atMost(int messages, int perSecond) {
        return Duration.ofSeconds(messages / perSecond).plus(PATIENCE);
    }
}
